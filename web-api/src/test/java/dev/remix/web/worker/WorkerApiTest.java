package dev.remix.web.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.SampleRecords;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.LogLine;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.Wire;
import dev.remix.service.artifact.Digests;
import dev.remix.service.job.Job;
import dev.remix.service.queue.RegistrationToken;
import dev.remix.web.Api;
import dev.remix.web.Api.Answer;
import dev.remix.web.WebTest;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Import;

@WebTest
@Import(SampleJobs.class)
class WorkerApiTest {
    @Autowired
    private Api api;

    @Autowired
    private SampleJobs sample;

    @Autowired
    private RegistrationToken registration;

    @Value("${remix.data-directory}")
    private Path data;

    private WorkerClient worker = new WorkerClient(api, "");

    @BeforeEach
    void nothingIsQueued() {
        worker = WorkerClient.withAnEmptyQueue(api, registration.value(), sample);
    }

    @Test
    void takesAJobFromTheQueueToItsModel() {
        Job job = sample.queued("\"suffix\": \"http\"");
        Claim.Grant grant = worker.take();
        assertThat(grant.jobId()).isEqualTo(job.id());
        assertThat(grant.spec()).isEqualTo(job.spec());

        Answer beat = worker.tell(grant, "heartbeat", new Heartbeat.Beat(Heartbeat.Phase.TRAINING, 0));
        assertThat(Wire.json().readValue(beat.bytes(), Heartbeat.Answer.class).command())
                .isEqualTo(Heartbeat.Command.CONTINUE);
        Answer file = worker.get(grant, "files/" + job.spec().training().fileId());
        assertThat(Digests.sha256(file.text())).isEqualTo(job.spec().training().sha256());

        Answer recorded = worker.record(grant, SampleRecords.steps(1, 1, 100));
        assertThat(recorded.json().path("next_seq").asLong()).isEqualTo(101);
        assertThat(worker.upload(grant, "checkpoints/50", "state").status()).isEqualTo(204);
        assertThat(worker.get(grant, "checkpoints/50").text()).isEqualTo("state");
        assertThat(worker.upload(grant, "adapter/adapter_model.safetensors", "weights")
                        .status())
                .isEqualTo(204);
        assertThat(worker.tell(grant, "outcome", SampleRecords.success()).status())
                .isEqualTo(204);
        assertThat(worker.tell(grant, "outcome", SampleRecords.success()).status())
                .as("the same again")
                .isEqualTo(204);

        Answer done = api.get("/v1/fine_tuning/jobs/" + job.id());
        assertThat(done.json().path("status").asString()).isEqualTo("succeeded");
        String model = done.json().path("fine_tuned_model").asString();
        assertThat(api.get("/v1/models/" + model).status()).isEqualTo(200);
    }

    @Test
    void getsNothingFromAnEmptyQueue() {
        assertThat(worker.claim().status()).isEqualTo(204);
    }

    @Test
    void needsTheRegistrationTokenToClaim() {
        assertProblem(worker.claimWith("rmxw_guess"), 401, "invalid_worker_token");
        assertProblem(api.post("/worker/v1/claims", "{}"), 401, "invalid_worker_token");
    }

    @Test
    void needsTheTokenOfItsOwnAttempt() {
        Claim.Grant mine = sample.running();
        Claim.Grant other = sample.running();
        Claim.Grant forged = withToken(mine, other.token());
        assertProblem(worker.tell(forged, "outcome", new Outcome.Cancelled(1)), 401, "invalid_worker_token");
        Claim.Grant registered = withToken(mine, registration.value());
        assertProblem(worker.tell(registered, "outcome", new Outcome.Cancelled(1)), 401, "invalid_worker_token");
    }

    @Test
    void cannotUseItsTokenAnywhereElse() {
        Claim.Grant grant = sample.running();
        Answer answer =
                api.send(api.anonymous("/v1/fine_tuning/jobs").header("Authorization", "Bearer " + grant.token()));
        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void cannotWriteOnceItsAttemptHasEnded() {
        Claim.Grant grant = sample.running();
        worker.tell(grant, "outcome", new Outcome.Stopped(3));

        assertProblem(worker.record(grant, SampleRecords.steps(1, 1, 3)), 409, "lease_lost");
        assertProblem(worker.upload(grant, "checkpoints/3", "state"), 409, "lease_lost");
        assertProblem(worker.upload(grant, "adapter/adapter_config.json", "{}"), 409, "lease_lost");
        assertProblem(worker.tell(grant, "outcome", new Outcome.Cancelled(3)), 409, "lease_lost");
        Answer beat = worker.tell(grant, "heartbeat", new Heartbeat.Beat(Heartbeat.Phase.TRAINING, 4));
        assertThat(beat.json().path("command").asString()).isEqualTo("LOST");
    }

    @Test
    void isToldWhichRecordIsMissing() {
        Claim.Grant grant = sample.running();
        Answer answer = worker.record(grant, SampleRecords.steps(4, 1, 3));
        assertProblem(answer, 409, "sequence_gap");
        assertThat(answer.json().path("next_seq").asLong()).isEqualTo(1);
    }

    @Test
    void isToldWhichLineCannotBeRead() {
        Claim.Grant grant = sample.running();
        Answer answer = api.send(api.anonymous("/worker/v1/jobs/%s/attempts/1/records".formatted(grant.jobId()))
                .header("Authorization", "Bearer " + grant.token())
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString("{\"type\": \"dance\"}\n")));
        assertProblem(answer, 400, "invalid_line");
    }

    @Test
    void mayKnowMoreThanTheService() {
        Claim.Grant grant = sample.running();
        String beat = "{\"phase\": \"TRAINING\", \"step\": 1, \"temperature\": 61}";
        assertThat(worker.tell(grant, "heartbeat", Wire.json().readTree(beat)).status())
                .isEqualTo(200);
    }

    @Test
    void cannotUploadOtherBytesThanItAnnounced() {
        Claim.Grant grant = sample.running();
        assertProblem(worker.upload(grant, "checkpoints/3", "broken", Digests.sha256("whole")), 400, "sha256_mismatch");
        assertProblem(worker.get(grant, "checkpoints/3"), 404, "not_found");
    }

    @Test
    void cannotReadAnothersFile() {
        Claim.Grant grant = sample.running();
        assertProblem(worker.get(grant, "files/" + sample.file("fine-tune")), 404, "not_found");
    }

    @Test
    void hasItsLogKept() {
        Claim.Grant grant = sample.running();
        LogLine line = new LogLine(1, Instant.parse("2026-03-10T12:00:00Z"), "INFO", "Loading the model");
        assertThat(api.send(api.anonymous("/worker/v1/jobs/%s/attempts/1/logs".formatted(grant.jobId()))
                                .header("Authorization", "Bearer " + grant.token())
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.ofString(Wire.json().writeValueAsString(line) + "\n")))
                        .status())
                .isEqualTo(204);
        assertThat(api.get("/v1/fine_tuning/jobs/%s/logs?tail=10".formatted(grant.jobId()))
                        .json()
                        .at("/data/0/text")
                        .asString())
                .isEqualTo("Loading the model");
    }

    @Test
    void findsTheRegistrationTokenWhereOnlyTheOwnerCanReadIt() throws IOException {
        Path file = data.resolve("worker.token");
        assertThat(Files.readString(file).strip()).isEqualTo(registration.value());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    private static Claim.Grant withToken(Claim.Grant grant, String token) {
        return new Claim.Grant(
                grant.jobId(),
                grant.attempt(),
                token,
                grant.lease(),
                grant.heartbeat(),
                grant.spec(),
                grant.checkpoint());
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().at("/error/code").asString()).isEqualTo(code);
    }
}
