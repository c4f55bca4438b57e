package dev.remix.web.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.SampleRecords;
import dev.remix.protocol.Claim;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.WorkerRecord;
import dev.remix.service.queue.RegistrationToken;
import dev.remix.web.Api;
import dev.remix.web.Api.Answer;
import dev.remix.web.WebTest;
import dev.remix.web.worker.WorkerClient;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

@WebTest
@Import(SampleJobs.class)
class JobsApiTest {
    private static final String JOBS = "/v1/fine_tuning/jobs";

    @Autowired
    private Api api;

    @Autowired
    private SampleJobs sample;

    @Autowired
    private RegistrationToken registration;

    private WorkerClient worker = new WorkerClient(api, "");

    @BeforeEach
    void nothingIsQueued() {
        worker = WorkerClient.withAnEmptyQueue(api, registration.value(), sample);
    }

    @Test
    void aNewJobIsShownInOpenAisShapeWithEveryValueResolved() {
        Answer answer = api.post(JOBS, sample.request("\"suffix\": \"support\", \"metadata\": {\"team\": \"search\"}"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode job = answer.json();
        assertThat(job.path("object").asString()).isEqualTo("fine_tuning.job");
        assertThat(job.path("id").asString()).startsWith("ftjob-");
        assertThat(job.path("status").asString()).isEqualTo("queued");
        assertThat(job.path("model").asString()).isEqualTo(SampleJobs.MODEL);
        assertThat(job.path("fine_tuned_model").isNull()).isTrue();
        assertThat(job.path("finished_at").isNull()).isTrue();
        assertThat(job.path("error").isNull()).isTrue();
        assertThat(job.path("result_files").isArray()).isTrue();
        assertThat(job.at("/hyperparameters/n_epochs").asInt()).isEqualTo(10);
        assertThat(job.at("/method/supervised/hyperparameters/batch_size").asInt())
                .isEqualTo(16);
        assertThat(job.at("/adapter/type").asString()).isEqualTo("remix");
        assertThat(job.at("/adapter/router_learning_rate_multiplier").asDouble())
                .isEqualTo(1);
        assertThat(job.at("/adapter/routers").asString()).isEqualTo("block");
        assertThat(job.at("/adapter/adapter_gradient").asString()).isEqualTo("mean");
        assertThat(job.at("/training/max_sequence_length").asInt()).isEqualTo(256);
        assertThat(job.at("/training/micro_batch_tokens").isNull()).isTrue();
        assertThat(job.at("/training/replicas").asInt()).isEqualTo(1);
        assertThat(job.at("/training/early_stopping").isNull()).isTrue();
        assertThat(job.at("/training/keep_best").asBoolean(true)).isFalse();
        assertThat(job.at("/metadata/team").asString()).isEqualTo("search");
        assertThat(job.at("/progress/total_steps").asInt()).isEqualTo(250);
        assertThat(job.at("/queue/position").asInt()).isEqualTo(1);
        assertThat(job.at("/queue/reason").asString()).isEqualTo("Waits for a free worker.");
        assertThat(api.get(JOBS + "/" + job.path("id").asString()).json()).isEqualTo(job);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "adaptor": {}                                  | 400 | adaptor                       | unknown_field
                    "adapter": {"rank": 0}                         | 400 | adapter.rank                  | out_of_range
                    "adapter": {"type": "prefix"}                  | 400 | adapter.type                  | unknown_value
                    "adapter": {"type": "dora", "loras": 4}        | 422 | adapter.loras                 | not_applicable
                    "training": {"keep_best": true}                | 422 | training.keep_best            | needs_validation_file
                    "training": {"learning_rate": -1}              | 400 | training.learning_rate        | out_of_range
                    "adapter": {"loras": 4, "active": 5}           | 422 | adapter.active                | out_of_range
                    "adapter": {"draws": 1}                        | 422 | adapter.draws                 | out_of_range
                    "training": {"max_sequence_length": 1000}      | 422 | training.max_sequence_length  | context_too_long
                    "validation_file": "file-0"                    | 422 | validation_file               | file_not_found
                    """)
    void aBadJobIsRefusedWithTheFieldAtFault(String fields, int status, String param, String code) {
        Answer answer = api.post(JOBS, sample.request(fields));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().at("/error/param").asString()).isEqualTo(param);
        assertThat(answer.json().at("/error/code").asString()).isEqualTo(code);
        assertThat(answer.json().at("/errors/0/pointer").asString()).isEqualTo("/" + param.replace('.', '/'));
    }

    @Test
    void aBodyThatIsNoObjectIsRefused() {
        assertThat(api.post(JOBS, "[]").status()).isEqualTo(400);
        assertThat(api.post(JOBS, "{").status()).isEqualTo(400);
    }

    @Test
    void aJobThatIsNotThereIsNotFoundAnywhere() {
        for (String path : List.of("", "/events", "/metrics", "/routing", "/checkpoints", "/logs")) {
            assertThat(api.get(JOBS + "/ftjob-0" + path).status()).as(path).isEqualTo(404);
        }
        for (String path : List.of("/cancel", "/pause", "/resume")) {
            assertThat(api.post(JOBS + "/ftjob-0" + path, "").status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void jobsAreListedByPageAndByMetadata() {
        String mine = "\"metadata\": {\"suite\": \"listing\"}";
        String first = create(mine);
        String second = create(mine);
        String third = create(mine);
        create("");
        JsonNode page = api.get(JOBS + "?limit=2&metadata%5Bsuite%5D=listing").json();
        assertThat(page.path("has_more").asBoolean()).isTrue();
        assertThat(page.path("first_id").asString()).isEqualTo(third);
        assertThat(page.path("last_id").asString()).isEqualTo(second);
        JsonNode rest = api.get(JOBS + "?limit=2&metadata%5Bsuite%5D=listing&after=" + second)
                .json();
        assertThat(rest.at("/data/0/id").asString()).isEqualTo(first);
        assertThat(rest.path("has_more").asBoolean()).isFalse();
        assertThat(api.get(JOBS + "?limit=0").status()).isEqualTo(400);
    }

    @Test
    void aFailedJobSaysWhoHasToDoWhat() {
        create("");
        Claim.Grant grant = worker.take();
        worker.tell(
                grant,
                "outcome",
                new Outcome.Failed(FailureKind.OUT_OF_MEMORY, "The model needs 9 GiB of 8 GiB.", "Use batch_size 4."));
        JsonNode job = api.get(JOBS + "/" + grant.jobId()).json();
        assertThat(job.path("status").asString()).isEqualTo("failed");
        assertThat(job.at("/error/code").asString()).isEqualTo("out_of_memory");
        assertThat(job.at("/error/class").asString()).isEqualTo("user");
        assertThat(job.at("/error/retryable").asBoolean()).isFalse();
        assertThat(job.at("/error/hint").asString()).isEqualTo("Use batch_size 4.");
        assertThat(job.at("/attempts/0/failure").asString()).isEqualTo("out_of_memory");
    }

    @Test
    void aRunningJobShowsProgressCurvesBalanceAndCheckpoints() {
        create("");
        Claim.Grant grant = worker.take();
        String path = JOBS + "/" + grant.jobId();
        worker.record(grant, SampleRecords.steps(1, 1, 40));
        worker.record(grant, List.of(new WorkerRecord.Evaluation(41, 40, "validation", 0.5, null, 10)));
        worker.upload(grant, "checkpoints/40", "state");

        JsonNode job = api.get(path).json();
        assertThat(job.path("status").asString()).isEqualTo("running");
        assertThat(job.at("/progress/step").asInt()).isEqualTo(40);
        assertThat(job.at("/progress/percent").asDouble()).isEqualTo(40);
        assertThat(job.at("/progress/effective_loras").asDouble()).isEqualTo(2);
        assertThat(job.at("/attempts/0/worker").asString()).isEqualTo("worker");

        JsonNode metrics = api.get(path + "/metrics?series=loss,tokens_per_second&from_step=39")
                .json();
        assertThat(metrics.path("data").size()).isEqualTo(2);
        assertThat(metrics.at("/data/1")).hasToString("{\"step\":40,\"loss\":0.1,\"tokens_per_second\":2560.0}");
        assertThat(metrics.at("/evaluations/0/loss").asDouble()).isEqualTo(0.5);
        assertThat(api.get(path + "/metrics?series=los").status()).isEqualTo(400);

        Answer csv =
                api.send(api.request(path + "/metrics?series=loss&resolution=2").header("Accept", "text/csv"));
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.text().lines()).hasSize(3).first().isEqualTo("step,loss");

        JsonNode routing = api.get(path + "/routing").json();
        assertThat(routing.path("step").asInt()).isEqualTo(40);
        assertThat(routing.at("/sites/0/site").asString()).isEqualTo("layers.0.mlp");
        assertThat(routing.at("/sites/0/load").size()).isEqualTo(4);
        assertThat(routing.at("/sites/0/dead_loras").asInt()).isEqualTo(1);
        assertThat(api.get(path + "/routing?step=7").json().path("step").asInt())
                .isEqualTo(7);

        JsonNode checkpoints = api.get(path + "/checkpoints").json();
        assertThat(checkpoints.at("/data/0/step_number").asInt()).isEqualTo(40);
        assertThat(checkpoints.at("/data/0/metrics/train_loss").asDouble()).isEqualTo(0.1);
        assertThat(checkpoints.at("/data/0/metrics/valid_loss").asDouble()).isEqualTo(0.5);
    }

    @Test
    void aSucceededJobShowsItsResult() {
        create("");
        Claim.Grant grant = worker.take();
        worker.record(grant, SampleRecords.steps(1, 1, 100));
        worker.upload(grant, "adapter/adapter_config.json", "{}");
        worker.tell(grant, "outcome", SampleRecords.success());
        JsonNode job = api.get(JOBS + "/" + grant.jobId()).json();
        assertThat(job.path("trained_tokens").asLong()).isEqualTo(64_000);
        assertThat(job.at("/result/metrics/exact_match_base").asDouble()).isEqualTo(0.05);
        assertThat(job.at("/result/metrics/adapter_step").asInt()).isEqualTo(75);
        assertThat(job.at("/result/metrics/train_loss_first").asDouble()).isEqualTo(4);
        assertThat(job.at("/result/routing/effective_loras_applied_min").asDouble())
                .isEqualTo(2);
        assertThat(job.at("/result/routing/distinct_subsets_mean").asDouble()).isEqualTo(4);
        assertThat(job.at("/result/routing/forced_routing/modal_loss").asDouble())
                .isEqualTo(0.9);
        assertThat(job.at("/result/adapter/0/name").asString()).isEqualTo("adapter_config.json");
        assertThat(job.at("/result/samples/0/after").asString()).isEqualTo("4");
    }

    @Test
    void aJobIsPausedResumedAndCancelled() {
        String path = JOBS + "/" + create("");
        assertThat(api.post(path + "/pause", "").json().path("status").asString())
                .isEqualTo("paused");
        assertThat(worker.claim().status()).isEqualTo(204);
        assertThat(api.post(path + "/resume", "").json().path("status").asString())
                .isEqualTo("queued");
        assertThat(api.post(path + "/cancel", "").json().path("status").asString())
                .isEqualTo("cancelled");
        Answer again = api.post(path + "/resume", "");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().at("/error/code").asString()).isEqualTo("job_finished");
    }

    @Test
    void eventsAreListedNewestFirstByCursor() {
        String id = create("");
        JsonNode page = api.get(JOBS + "/" + id + "/events?limit=1").json();
        assertThat(page.at("/data/0/message").asString()).isEqualTo("Files validated, moving job to queued state");
        assertThat(page.at("/data/0/object").asString()).isEqualTo("fine_tuning.job.event");
        assertThat(page.path("has_more").asBoolean()).isTrue();
        String last = page.path("last_id").asString();
        JsonNode rest =
                api.get(JOBS + "/" + id + "/events?limit=1&after=" + last).json();
        assertThat(rest.at("/data/0/message").asString()).isEqualTo("Created fine-tuning job: " + id);
        assertThat(rest.path("has_more").asBoolean()).isFalse();
    }

    private String create(String fields) {
        return api.post(JOBS, sample.request(fields)).json().path("id").asString();
    }
}
