package dev.remix.service.queue;

import static dev.remix.fixture.SampleJobs.id;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.SampleRecords;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Heartbeat;
import dev.remix.service.artifact.Digests;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobEvent;
import dev.remix.service.job.JobEvents;
import dev.remix.service.job.JobResult;
import dev.remix.service.job.JobState;
import dev.remix.service.job.Jobs;
import dev.remix.service.model.Models;
import dev.remix.service.telemetry.JobProgress;
import dev.remix.service.telemetry.Progress;
import dev.remix.service.telemetry.Records;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@ServiceTest
@Import(SampleJobs.class)
class AttemptTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobEvents events;

    @Autowired
    private Leases leases;

    @Autowired
    private Records records;

    @Autowired
    private Progress progress;

    @Autowired
    private Checkpoints checkpoints;

    @Autowired
    private AdapterFiles adapterFiles;

    @Autowired
    private Settlement settlement;

    @Autowired
    private Models models;

    @Test
    void carriesAJobFromTheQueueToAModel() throws IOException {
        Job job = sample.queued("\"suffix\": \"support\", \"seed\": 7");
        Claim.Grant grant = sample.claimed("worker-1");
        assertThat(grant.jobId()).isEqualTo(job.id());
        assertThat(grant.spec()).isEqualTo(job.spec());
        assertThat(grant.checkpoint()).isNull();

        Heartbeat.Answer answer = leases.beat(id(grant), new Heartbeat.Beat(Heartbeat.Phase.TRAINING, 0));
        assertThat(answer.command()).isEqualTo(Heartbeat.Command.CONTINUE);
        assertThat(records.ingest(id(grant), SampleRecords.steps(1, 1, 40))).isEqualTo(41);
        checkpoints.store(id(grant), 40, content("state"), Digests.sha256("state"));
        assertThat(progress.of(jobs.get(job.id())))
                .isEqualTo(new JobProgress(40, 100, 40, 25_600, 2_560.0, 15.0, 0.1, 2.0, 3.1, 4.0));

        assertThat(records.ingest(id(grant), SampleRecords.steps(41, 41, 100))).isEqualTo(101);
        adapterFiles.store(id(grant), "adapter_config.json", content("{}"), Digests.sha256("{}"));
        settlement.settle(id(grant), SampleRecords.success());

        Job done = jobs.get(job.id());
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(done.finishedAt()).isPresent();
        assertThat(done.fineTunedModel().orElseThrow()).startsWith("ft:sample-model:support:");
        assertThat(models.findFinetuned(done.fineTunedModel().orElseThrow())).isPresent();
        JobResult result = done.result().orElseThrow();
        assertThat(result.metrics().exactMatchFinetuned()).isEqualTo(0.85);
        assertThat(result.adapter())
                .containsExactly(new JobResult.AdapterFile("adapter_config.json", Digests.sha256("{}"), 2));
        JobResult.RoutingSummary routing = requireNonNull(result.routing());
        assertThat(routing.distinctSubsetsMean()).isEqualTo(4.0);
        assertThat(routing.sites()).hasSize(2);
        assertThat(events.after(job.id(), 0, 100))
                .extracting(JobEvent::message)
                .contains(
                        "Created fine-tuning job: " + job.id(),
                        "Files validated, moving job to queued state",
                        "Fine-tuning job started: attempt 1 on worker worker-1",
                        "Step 100/100: training loss=0.0400",
                        "The job has successfully completed");
    }

    private static ByteArrayInputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
