package dev.remix.service.queue;

import static dev.remix.fixture.SampleJobs.id;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.SampleRecords;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.LogLine;
import dev.remix.protocol.Meters;
import dev.remix.protocol.Outcome;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.Digests;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StoredObject;
import dev.remix.service.job.Attempt;
import dev.remix.service.job.Attempts;
import dev.remix.service.job.Failure;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobEvents;
import dev.remix.service.job.JobState;
import dev.remix.service.job.Jobs;
import dev.remix.service.model.FinetunedModel;
import dev.remix.service.model.Models;
import dev.remix.service.telemetry.Records;
import dev.remix.service.telemetry.WorkerLogs;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@ServiceTest
@Import(SampleJobs.class)
class SettlementTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private Settlement settlement;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobEvents events;

    @Autowired
    private Attempts attempts;

    @Autowired
    private Records records;

    @Autowired
    private WorkerLogs logs;

    @Autowired
    private Checkpoints checkpoints;

    @Autowired
    private AdapterFiles adapterFiles;

    @Autowired
    private JobInputs inputs;

    @Autowired
    private Models models;

    @Autowired
    private ObjectStore objects;

    @Autowired
    private MeterRegistry meters;

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            mode = Mode.INCLUDE,
            names = {"INVALID_DATA", "INVALID_SPEC", "MODEL_NOT_FOUND", "DIVERGED", "OUT_OF_MEMORY"})
    void failsAJobAtOnceWhenAnotherTryWouldEndTheSame(FailureKind kind) {
        Claim.Grant grant = sample.running();
        settlement.settle(id(grant), new Outcome.Failed(kind, "It does not work.", "Change it."));

        Job job = jobs.get(grant.jobId());
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.failure()).contains(new Failure(kind, "It does not work.", "Change it."));
        assertThat(job.finishedAt()).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            mode = Mode.INCLUDE,
            names = {"WORKER_LOST", "INTERRUPTED", "STORAGE", "INTERNAL"})
    void queuesAJobAgainWithABackoffWhenAnotherTryMayEndDifferently(FailureKind kind) {
        Claim.Grant grant = sample.running();
        settlement.settle(id(grant), new Outcome.Failed(kind, "Bad luck.", null));

        Job job = jobs.get(grant.jobId());
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.failure()).isEmpty();
        assertThat(job.notBefore()).isPresent();
        assertThat(attempt(grant).failureKind()).isEqualTo(kind);
        jobs.cancel(job.id());
    }

    @Test
    void failsAJobWithItsLastAttempt() {
        Job job = sample.queued("\"max_attempts\": 2");
        for (int attempt = 1; attempt <= 2; attempt++) {
            Claim.Grant grant = sample.claimed("worker");
            assertThat(grant.attempt()).isEqualTo(attempt);
            settlement.settle(id(grant), new Outcome.Failed(FailureKind.INTERNAL, "A bug.", null));
            sample.endBackoff(job.id());
        }
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.FAILED);
        assertThat(attempts.of(job.id())).hasSize(2);
    }

    @Test
    void doesNotCountAnAttemptThatWasStoppedOnPurpose() {
        Job job = sample.queued("\"max_attempts\": 1");
        settlement.settle(id(sample.claimed("first")), new Outcome.Stopped(5));
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.QUEUED);

        Claim.Grant second = sample.claimed("second");
        settlement.settle(id(second), new Outcome.Failed(FailureKind.INTERNAL, "A bug.", null));
        assertThat(jobs.get(job.id()).state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void pausesAJobWhoseWorkerStoppedAsAsked() {
        Claim.Grant grant = sample.running();
        jobs.pause(grant.jobId());
        settlement.settle(id(grant), new Outcome.Stopped(5));
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.PAUSED);
    }

    @Test
    void cancelsAJobWhoseWorkerWasLostAfterItWasAskedTo() {
        Claim.Grant grant = sample.running();
        jobs.cancel(grant.jobId());
        settlement.settle(id(grant), new Outcome.Failed(FailureKind.WORKER_LOST, "Gone.", null));
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void takesTheSameOutcomeTwiceAndChangesNothing() {
        Claim.Grant grant = sample.running();
        settlement.settle(id(grant), new Outcome.Cancelled(5));
        int told = events.after(grant.jobId(), 0, 100).size();
        Instant ended = attempt(grant).endedAt();

        settlement.settle(id(grant), new Outcome.Cancelled(5));

        assertThat(events.after(grant.jobId(), 0, 100)).hasSize(told);
        assertThat(attempt(grant).endedAt()).isEqualTo(ended);
    }

    @Test
    void refusesSuccessWithoutAnAdapter() {
        Claim.Grant grant = sample.running();
        assertThatThrownBy(() -> settlement.settle(id(grant), SampleRecords.success()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("adapter_missing"));
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.RUNNING);
    }

    @Test
    void leavesTheAdapterToItsModelAlone() throws IOException {
        Claim.Grant grant = sample.running();
        String weights = "weights of " + grant.jobId();
        adapterFiles.store(
                id(grant),
                "adapter_model.safetensors",
                new ByteArrayInputStream(weights.getBytes(UTF_8)),
                Digests.sha256(weights));
        settlement.settle(id(grant), SampleRecords.success());
        FinetunedModel model = models.findFinetuned(
                        jobs.get(grant.jobId()).fineTunedModel().orElseThrow())
                .orElseThrow();
        StoredObject content = model.files().getFirst().content();
        assertThat(objects.path(content)).exists();

        models.deleteFinetuned(model.id());

        assertThatThrownBy(() -> objects.path(content)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void letsNoStaleAttemptWriteAnything() {
        Claim.Grant stale = sample.running();
        settlement.settle(id(stale), new Outcome.Stopped(5));
        Claim.Grant present = sample.claimed("next");
        Job before = jobs.get(stale.jobId());
        int told = events.after(stale.jobId(), 0, 100).size();
        double fenced = meters.counter(Meters.FENCED_WRITES).count();

        assertLeaseLost(() -> records.ingest(id(stale), SampleRecords.steps(1, 1, 3)));
        assertLeaseLost(() -> logs.append(id(stale), List.of(new LogLine(1, Instant.EPOCH, "INFO", "still here"))));
        assertLeaseLost(() -> checkpoints.store(id(stale), 9, content(), Digests.sha256("x")));
        assertLeaseLost(() -> adapterFiles.store(id(stale), "adapter.safetensors", content(), Digests.sha256("x")));
        assertLeaseLost(() -> inputs.get(id(stale), before.spec().training().fileId()));
        assertLeaseLost(() -> settlement.settle(id(stale), SampleRecords.success()));
        assertLeaseLost(() -> settlement.settle(id(stale), new Outcome.Cancelled(5)));

        Job after = jobs.get(stale.jobId());
        assertThat(present.jobId()).isEqualTo(after.id());
        assertThat(after.state()).isEqualTo(JobState.RUNNING);
        assertThat(after.attempt()).isEqualTo(before.attempt());
        assertThat(events.after(stale.jobId(), 0, 100)).hasSize(told);
        assertThat(checkpoints.of(stale.jobId())).isEmpty();
        assertThat(logs.tail(id(stale), 10)).isEmpty();
        assertThat(meters.counter(Meters.FENCED_WRITES).count()).isEqualTo(fenced + 7);
    }

    private static void assertLeaseLost(ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("lease_lost"));
    }

    private static ByteArrayInputStream content() {
        return new ByteArrayInputStream("x".getBytes(UTF_8));
    }

    private Attempt attempt(Claim.Grant grant) {
        return attempts.find(id(grant)).orElseThrow();
    }
}
