package dev.remix.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.SampleRecords;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.JobSpec;
import dev.remix.protocol.ModelRevision;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.Wire;
import dev.remix.service.Page;
import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.Digests;
import dev.remix.service.dataset.DataSets;
import dev.remix.service.model.Models;
import dev.remix.service.queue.AdapterFiles;
import dev.remix.service.queue.JobQueue;
import dev.remix.service.queue.QueuePosition;
import dev.remix.service.queue.Settlement;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
@Import(SampleJobs.class)
class JobsTest {
    private static final JobSpec.Options OPTIONS = new JobSpec.Options(
            10,
            null,
            16,
            2e-2,
            "cosine",
            0.05,
            0,
            1,
            256,
            "f32",
            25,
            25,
            64,
            JobSpec.Execution.PLAIN,
            JobSpec.Stopping.NEVER);

    @Autowired
    private SampleJobs sample;

    @Autowired
    private Jobs jobs;

    @Autowired
    private Settlement settlement;

    @Autowired
    private JobQueue queue;

    @Autowired
    private DataSets dataSets;

    @Autowired
    private Models models;

    @Autowired
    private AdapterFiles adapterFiles;

    @Autowired
    private JdbcClient jdbc;

    @Value("${remix.models-directory}")
    private Path modelsDirectory;

    @Test
    void areStoredWithEveryDefaultFilledIn() throws IOException {
        JobSpec spec = jobs.get(sample.queued("\"seed\": 7").id()).spec();
        assertThat(spec.model())
                .isEqualTo(new JobSpec.Model(
                        SampleJobs.MODEL, ModelRevision.of(modelsDirectory.resolve(SampleJobs.MODEL))));
        assertThat(spec.seed()).isEqualTo(7);
        assertThat(spec.adapter())
                .isEqualTo(new JobSpec.Adapter(
                        "remix", 8, 2, 8, 2, 2, "rslora", "sequence", List.of("gate_proj", "up_proj", "down_proj"), 1));
        assertThat(spec.options()).isEqualTo(OPTIONS);
    }

    @Test
    void ofTypeLoraAreOneLoraWithoutARouter() {
        JobSpec.Adapter adapter = sample.queued("\"adapter\": {\"type\": \"lora\", \"rank\": 16}")
                .spec()
                .adapter();
        assertThat(adapter)
                .isEqualTo(new JobSpec.Adapter(
                        "lora", 1, 1, 16, 1, 16, "lora", "sequence", List.of("gate_proj", "up_proj", "down_proj"), 0));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    remix,     8, 2, 2, 2,  rslora, 1, 0
                    lora,      1, 1, 1, 16, lora,   0, 0
                    rslora,    1, 1, 1, 16, rslora, 0, 0
                    dora,      1, 1, 1, 16, lora,   0, 0
                    mixlora,   8, 2, 1, 16, lora,   1, 0.01
                    hydralora, 8, 8, 1, 16, lora,   1, 0
                    softmix,   8, 8, 1, 16, lora,   1, 0
                    """)
    void haveTheDefaultsOfTheirKindAndMaySendThemAgain(
            String type,
            int loras,
            int active,
            int draws,
            double alpha,
            String scaling,
            double routerLearningRateMultiplier,
            double balance) {
        JobSpec.Adapter adapter = sample.queued("\"adapter\": {\"type\": \"%s\"}".formatted(type))
                .spec()
                .adapter();
        assertThat(adapter)
                .isEqualTo(new JobSpec.Adapter(
                        type,
                        loras,
                        active,
                        8,
                        draws,
                        alpha,
                        scaling,
                        "sequence",
                        List.of("gate_proj", "up_proj", "down_proj"),
                        routerLearningRateMultiplier,
                        "block",
                        0.0,
                        "mean",
                        false,
                        0.0,
                        0.0,
                        balance));
        String again = "\"adapter\": " + Wire.json().writeValueAsString(adapter);
        assertThat(sample.queued(again).spec().adapter()).isEqualTo(adapter);
    }

    @Test
    void keepEveryOptionThatWasAskedFor() {
        JobSpec spec = sample.queued("""
                        "validation_file": "%s",
                        "adapter": {"routing": "token", "routers": "projection", "targets": ["q_proj", "v_proj"],
                            "dropout": 0.1, "adapter_gradient": "single", "normalise_advantages": true,
                            "entropy_bonus": 0.01, "uniform_divergence": 0.02},
                        "training": {"micro_batch_tokens": 4096, "recompute": true, "replicas": 2, "keep_best": true,
                            "early_stopping": {"patience": 3, "min_delta": 0.001}}
                        """.formatted(sample.file("fine-tune"))).spec();
        assertThat(spec.adapter())
                .isEqualTo(new JobSpec.Adapter(
                        "remix",
                        8,
                        2,
                        8,
                        2,
                        2,
                        "rslora",
                        "token",
                        List.of("q_proj", "v_proj"),
                        1,
                        "projection",
                        0.1,
                        "single",
                        true,
                        0.01,
                        0.02,
                        0.0));
        assertThat(spec.options().execution()).isEqualTo(new JobSpec.Execution(4_096, true, 2));
        assertThat(spec.options().stopping()).isEqualTo(new JobSpec.Stopping(3, 0.001, true));
    }

    @Test
    void beginWithTheAdapterOfAModelOfTheSameKindAndHoldItUntilTheyHaveFinished() throws IOException {
        String model = published("\"adapter\": {\"rank\": 4, \"targets\": [\"v_proj\", \"q_proj\"]}");
        Job job = sample.queued("""
                "adapter": {"rank": 4, "targets": ["q_proj", "v_proj"], "dropout": 0.1},
                "training": {"initial_model": "%s"}""".formatted(model));
        assertThat(job.spec().initialModel()).satisfies(initial -> {
            assertThat(initial.id()).isEqualTo(model);
            assertThat(initial.files())
                    .singleElement()
                    .extracting(JobSpec.AdapterFile::name)
                    .isEqualTo("adapter_config.json");
        });
        assertThatThrownBy(() -> models.deleteFinetuned(model))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("model_in_use"));
        jobs.cancel(job.id());
        models.deleteFinetuned(model);
        assertThat(models.findFinetuned(model)).isEmpty();
    }

    @Test
    void areRefusedToBeginWithAnAdapterOfAnotherKindOrShape() throws IOException {
        String model = published("\"adapter\": {\"type\": \"lora\", \"rank\": 4}");
        String training = "\"training\": {\"initial_model\": \"%s\"}";
        for (String adapter : List.of("\"type\": \"remix\"", "\"type\": \"lora\", \"rank\": 8")) {
            assertRefused(
                    sample.request("\"adapter\": {%s}, ".formatted(adapter) + training.formatted(model)),
                    "/training/initial_model");
        }
        assertRefused(sample.request(training.formatted("ft:none")), "/training/initial_model");
    }

    private String published(String fields) throws IOException {
        sample.emptyQueue();
        Job job = sample.queued(fields);
        Claim.Grant grant = sample.claimed("worker-of-" + job.id());
        String configuration = job.id();
        adapterFiles.store(
                SampleJobs.id(grant),
                "adapter_config.json",
                new ByteArrayInputStream(configuration.getBytes(UTF_8)),
                Digests.sha256(configuration));
        settlement.settle(SampleJobs.id(grant), SampleRecords.success());
        return jobs.get(job.id()).fineTunedModel().orElseThrow();
    }

    /** As they were stored when there were two kinds of adapter, and one way to compute a step. */
    @Test
    void storedByAnEarlierVersionAreRead() {
        Job job = sample.queued();
        jdbc.sql("UPDATE jobs SET spec = CAST(:spec AS jsonb) WHERE id = :id")
                .param("spec", """
                        {"model": {"id": "sample-model", "revision": "ab"},
                         "training": {"file_id": "file-1", "sha256": "cd", "bytes": 7}, "seed": 7,
                         "adapter": {"type": "remix", "loras": 8, "active": 2, "rank": 8, "draws": 2, "alpha": 2.0,
                             "scaling": "rslora", "routing": "sequence", "targets": ["down_proj"],
                             "router_learning_rate_multiplier": 1.0},
                         "options": {"epochs": 10, "batch_size": 16, "learning_rate": 0.02, "schedule": "cosine",
                             "warmup_ratio": 0.05, "weight_decay": 0.0, "max_gradient_norm": 1.0,
                             "max_sequence_length": 256, "precision": "f32", "checkpoint_every_steps": 25,
                             "evaluate_every_steps": 25, "max_new_tokens": 64}}
                        """)
                .param("id", job.id())
                .update();
        JobSpec spec = jobs.get(job.id()).spec();
        assertThat(spec.adapter())
                .isEqualTo(new JobSpec.Adapter("remix", 8, 2, 8, 2, 2, "rslora", "sequence", List.of("down_proj"), 1));
        assertThat(spec.options()).isEqualTo(OPTIONS);
        assertThat(jobs.cancel(job.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void keepToTheStepsTheyAreAllowed() {
        Job job = sample.queued("\"training\": {\"max_steps\": 20}, \"hyperparameters\": {\"batch_size\": 4}");
        assertThat(job.plannedSteps()).isEqualTo(20);
        assertThat(job.spec().options().evaluateEverySteps()).isEqualTo(2);
    }

    @Test
    void multiplyTheAutomaticLearningRate() {
        Job job = sample.queued("\"hyperparameters\": {\"learning_rate_multiplier\": 0.5}");
        assertThat(job.spec().options().learningRate()).isCloseTo(1e-2, within(1e-12));
        assertThat(job.learningRateMultiplier()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void drawTheirOwnSeed() {
        assertThat(sample.queued().spec().seed())
                .isNotEqualTo(sample.queued().spec().seed());
    }

    @Test
    void areRefusedOnAModelThatIsNotThere() {
        assertRefused(
                "{\"model\": \"gpt-9\", \"training_file\": \"%s\"}".formatted(sample.file("fine-tune")), "/model");
    }

    @Test
    void areRefusedOnAFileThatIsNotThere() {
        assertRefused("{\"model\": \"%s\", \"training_file\": \"file-0\"}".formatted(sample.model()), "/training_file");
    }

    @Test
    void areRefusedToTrainOnHeldOutExamplesButMayBeTestedOnThem() {
        String heldOut = sample.file("evals");
        assertRefused(
                "{\"model\": \"%s\", \"training_file\": \"%s\"}".formatted(sample.model(), heldOut), "/training_file");
        assertRefused(sample.request("\"validation_file\": \"%s\"".formatted(heldOut)), "/validation_file");
        Job job = sample.queued("\"test_file\": \"%s\"".formatted(heldOut));
        assertThat(job.spec().test()).isNotNull();
    }

    @Test
    void areRefusedWhenTheirPartsDoNotFitEachOther() {
        assertRefused(sample.request("\"adapter\": {\"loras\": 4, \"active\": 5}"), "/adapter/active");
        assertRefused(sample.request("\"adapter\": {\"active\": 9}"), "/adapter/active");
        assertRefused(sample.request("\"adapter\": {\"draws\": 1}"), "/adapter/draws");
        assertRefused(sample.request("\"adapter\": {\"type\": \"lora\", \"loras\": 4}"), "/adapter/loras");
        assertRefused(sample.request("\"adapter\": {\"type\": \"lora\", \"routing\": \"token\"}"), "/adapter/routing");
        assertRefused(sample.request("\"adapter\": {\"type\": \"rslora\", \"scaling\": \"lora\"}"), "/adapter/scaling");
        assertRefused(sample.request("\"training\": {\"keep_best\": true}"), "/training/keep_best");
        assertRefused(
                sample.request("\"training\": {\"early_stopping\": {\"patience\": 3}}"), "/training/early_stopping");
        assertRefused(sample.request("\"training\": {\"max_sequence_length\": 257}"), "/training/max_sequence_length");
        assertRefused(
                sample.request(
                        "\"training\": {\"learning_rate\": 0.01}, \"hyperparameters\": {\"learning_rate_multiplier\": 2}"),
                "/training/learning_rate");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    dora      | "loras": 4
                    dora      | "routing": "token"
                    rslora    | "routers": "projection"
                    lora      | "router_learning_rate_multiplier": 1
                    hydralora | "active": 2
                    softmix   | "active": 2
                    mixlora   | "draws": 2
                    mixlora   | "adapter_gradient": "single"
                    softmix   | "normalise_advantages": true
                    hydralora | "entropy_bonus": 0.1
                    mixlora   | "uniform_divergence": 0.1
                    remix     | "balance": 0.01
                    """)
    void areRefusedForWhatTheirKindHasNoUseFor(String type, String field) {
        String name = field.substring(1, field.indexOf('"', 1));
        assertRefused(sample.request("\"adapter\": {\"type\": \"%s\", %s}".formatted(type, field)), "/adapter/" + name);
    }

    private void assertRefused(String body, String pointer) {
        assertThatThrownBy(() -> jobs.create(JobRequest.read(Wire.json().readTree(body))))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.UNPROCESSABLE);
                    assertThat(refusal.problems()).extracting(Problem::pointer).contains(pointer);
                });
    }

    @Test
    void keepTheirFilesFromBeingDeletedUntilTheyHaveFinished() {
        Job job = sample.queued();
        String file = job.spec().training().fileId();
        assertThatThrownBy(() -> dataSets.delete(file))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("file_in_use"));
        jobs.cancel(job.id());
        dataSets.delete(file);
        assertThat(dataSets.find(file)).isEmpty();
    }

    @Test
    void thatWaitAreCancelledAtOnce() {
        Job queued = jobs.cancel(sample.queued().id());
        assertThat(queued.state()).isEqualTo(JobState.CANCELLED);
        Job paused = sample.queued();
        jobs.pause(paused.id());
        assertThat(jobs.cancel(paused.id()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void thatRunAreCancelledByTheirWorker() {
        Claim.Grant grant = sample.running();
        assertThat(jobs.cancel(grant.jobId()).state()).isEqualTo(JobState.RUNNING);
        assertThat(jobs.get(grant.jobId()).requested()).contains(Job.Request.CANCEL);
        settlement.settle(SampleJobs.id(grant), new Outcome.Cancelled(3));
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void thatAreCancelledStaySo() {
        Job job = jobs.cancel(sample.queued().id());
        assertThat(jobs.cancel(job.id()).finishedAt())
                .isEqualTo(jobs.get(job.id()).finishedAt());
    }

    @Test
    void thatHaveFinishedCannotBeCancelledPausedOrResumed() {
        Claim.Grant grant = sample.running();
        settlement.settle(
                SampleJobs.id(grant), new Outcome.Failed(FailureKind.DIVERGED, "The loss is not a number.", null));
        assertFinished(() -> jobs.cancel(grant.jobId()));
        assertFinished(() -> jobs.pause(grant.jobId()));
        assertFinished(() -> jobs.resume(grant.jobId()));
    }

    private static void assertFinished(ThrowingCallable wish) {
        assertThatThrownBy(wish)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("job_finished"));
    }

    @Test
    void areListedNewestFirstByTheirMetadata() {
        String mine = "\"metadata\": {\"team\": \"lists\", \"n\": \"%d\"}";
        List<String> ids = List.of(
                sample.queued(mine.formatted(1)).id(),
                sample.queued(mine.formatted(2)).id(),
                sample.queued(mine.formatted(3)).id());
        sample.queued();
        Page<Job> first = jobs.list(null, 2, Map.of("team", "lists"));
        assertThat(first.items()).extracting(Job::id).containsExactly(ids.get(2), ids.get(1));
        assertThat(first.hasMore()).isTrue();
        Page<Job> second = jobs.list(ids.get(1), 2, Map.of("team", "lists"));
        assertThat(second.items()).extracting(Job::id).containsExactly(ids.get(0));
        assertThat(second.hasMore()).isFalse();
    }

    @Test
    void knowTheirPlaceInTheQueue() {
        sample.emptyQueue();
        Job first = sample.queued();
        Job second = sample.queued();
        assertThat(queue.position(first)).contains(new QueuePosition(1, "Waits for a free worker."));
        assertThat(queue.position(second)).contains(new QueuePosition(2, "Waits for a free worker, behind 1 job."));
        assertThat(queue.position(jobs.cancel(first.id()))).isEmpty();
        assertThat(queue.claimable()).isEqualTo(1);
    }
}
