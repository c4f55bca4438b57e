package dev.remix.service.telemetry;

import static dev.remix.fixture.SampleJobs.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.SampleRecords;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.WorkerRecord;
import dev.remix.service.Refusal;
import dev.remix.service.job.JobEvent;
import dev.remix.service.job.JobEvents;
import dev.remix.service.job.JobResult.SiteBalance;
import dev.remix.service.queue.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataIntegrityViolationException;

@ServiceTest
@Import(SampleJobs.class)
class RecordsTest {
    private static final int LAST = Integer.MAX_VALUE;

    @Autowired
    private SampleJobs sample;

    @Autowired
    private Records records;

    @Autowired
    private TrainingMetrics metrics;

    @Autowired
    private RoutingBalance balance;

    @Autowired
    private JobEvents events;

    @Autowired
    private Settlement settlement;

    @Autowired
    private RecordRows rows;

    @Test
    void aRepeatedBatchChangesNothing() {
        Claim.Grant grant = sample.running();
        List<WorkerRecord> batch = SampleRecords.steps(1, 1, 5);
        assertThat(records.ingest(id(grant), batch)).isEqualTo(6);
        List<StepMetrics> stored = steps(grant);
        int told = events.after(grant.jobId(), 0, 100).size();

        assertThat(records.ingest(id(grant), batch)).isEqualTo(6);

        assertThat(steps(grant)).hasSize(5).isEqualTo(stored);
        assertThat(events.after(grant.jobId(), 0, 100)).hasSize(told);
    }

    @Test
    void ofABatchThatOverlapsOnlyTheNewPartIsStored() {
        Claim.Grant grant = sample.running();
        records.ingest(id(grant), SampleRecords.steps(1, 1, 5));
        List<WorkerRecord> overlapping = new ArrayList<>(List.of(SampleRecords.step(5, 5, 99)));
        overlapping.addAll(SampleRecords.steps(6, 6, 8));

        assertThat(records.ingest(id(grant), overlapping)).isEqualTo(9);

        assertThat(steps(grant)).extracting(StepMetrics::step).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(steps(grant).get(4).loss()).isEqualTo(4.0 / 5);
    }

    @Test
    void aGapIsRefusedWithTheNumberThatIsMissingAndNothingIsStored() {
        Claim.Grant grant = sample.running();
        records.ingest(id(grant), SampleRecords.steps(1, 1, 5));
        assertThatThrownBy(() -> records.ingest(id(grant), SampleRecords.steps(7, 7, 9)))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("sequence_gap");
                    assertThat(refusal.properties()).containsEntry("next_seq", 6L);
                });
        assertThat(steps(grant)).hasSize(5);
    }

    @Test
    void aLaterAttemptReplacesTheStepsItDidAgainWithoutGapOrDouble() {
        Claim.Grant first = sample.running();
        records.ingest(id(first), SampleRecords.steps(1, 1, 63));
        settlement.settle(id(first), new Outcome.Stopped(63));
        Claim.Grant second = sample.claimed("second");
        List<WorkerRecord> again = IntStream.rangeClosed(51, 100)
                .<WorkerRecord>mapToObj(step -> SampleRecords.step(step - 50, step, 0.25))
                .toList();

        records.ingest(id(second), again);

        assertThat(steps(second))
                .extracting(StepMetrics::step)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
        assertThat(steps(second)).filteredOn(step -> step.attempt() == 1).hasSize(50);
        assertThat(steps(second).subList(50, 100))
                .allSatisfy(step -> assertThat(step.loss()).isEqualTo(0.25));
        assertThat(balance.at(second.jobId(), 60)).hasSize(2);
        assertThat(events.after(second.jobId(), 0, 1000))
                .extracting(JobEvent::message)
                .filteredOn(message -> message.startsWith("Step 60/100:"))
                .hasSize(1);
    }

    @Test
    void anOlderAttemptCouldNotOverwriteANewerOneEvenWithoutTheFence() {
        Claim.Grant first = sample.running();
        settlement.settle(id(first), new Outcome.Stopped(0));
        Claim.Grant second = sample.claimed("second");
        records.ingest(id(second), SampleRecords.steps(1, 1, 1));

        rows.insert(id(first), List.of(SampleRecords.step(1, 1, 77)));

        assertThat(steps(second)).singleElement().satisfies(step -> {
            assertThat(step.attempt()).isEqualTo(2);
            assertThat(step.loss()).isEqualTo(4.0);
        });
    }

    @Test
    void theSameBatchSentTwiceAtOnceIsStoredOnce() throws Exception {
        Claim.Grant grant = sample.running();
        List<WorkerRecord> batch = SampleRecords.steps(1, 1, 50);
        CyclicBarrier start = new CyclicBarrier(4);
        List<Future<Long>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return records.ingest(id(grant), batch);
                }));
            }
        }
        for (Future<Long> answer : answers) {
            assertThat(answer.get()).isEqualTo(51);
        }
        assertThat(steps(grant)).hasSize(50);
        assertThat(events.after(grant.jobId(), 0, 1000))
                .extracting(JobEvent::number)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aRecordThatCannotBeStoredTakesTheWholeBatchBack() {
        Claim.Grant grant = sample.running();
        List<WorkerRecord> batch = new ArrayList<>(SampleRecords.steps(1, 1, 3));
        batch.add(SampleRecords.step(4, 101, 1));
        assertThatThrownBy(() -> records.ingest(id(grant), batch)).isInstanceOf(DataIntegrityViolationException.class);
        assertThat(steps(grant)).isEmpty();
        assertThat(records.ingest(id(grant), SampleRecords.steps(1, 1, 3))).isEqualTo(4);
    }

    @Test
    void notesAndEvaluationsBecomeEvents() {
        Claim.Grant grant = sample.running();
        records.ingest(
                id(grant),
                List.of(
                        new WorkerRecord.Evaluation(1, 0, "test", 3.5, 0.05, 40),
                        new WorkerRecord.Note(2, 0, "warn", "The longest example has 250 of 256 tokens.")));
        assertThat(events.after(grant.jobId(), 0, 100))
                .extracting(JobEvent::level, JobEvent::message)
                .contains(
                        tuple("info", "Step 0: test loss=3.5000, exact match=0.0500"),
                        tuple("warn", "The longest example has 250 of 256 tokens."));
        assertThat(metrics.evaluations(grant.jobId(), 0, LAST))
                .containsExactly(new EvaluationMetrics(0, "test", 3.5, 0.05, 40));
    }

    @Test
    void coarserCurvesPutNeighboursTogether() {
        Claim.Grant grant = sample.running();
        records.ingest(id(grant), SampleRecords.steps(1, 1, 100));
        List<StepMetrics> coarse = metrics.steps(grant.jobId(), 1, 100, 10);
        assertThat(coarse).extracting(StepMetrics::step).containsExactly(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
        assertThat(coarse).allSatisfy(point -> {
            assertThat(point.tokens()).isEqualTo(6_400);
            assertThat(point.tokensPerSecond()).isEqualTo(2_560.0);
        });
        assertThat(metrics.steps(grant.jobId(), 40, 42, null))
                .extracting(StepMetrics::step)
                .containsExactly(40, 41, 42);
    }

    @Test
    void sitesKeepTheOrderOfTheModel() {
        Claim.Grant grant = sample.running();
        List<WorkerRecord.Site> sites = IntStream.range(0, 12)
                .mapToObj(layer -> SampleRecords.site("layers.%d.mlp".formatted(layer), layer))
                .toList();
        WorkerRecord.Step step = SampleRecords.step(1, 1, 1);
        records.ingest(
                id(grant), List.of(new WorkerRecord.Step(1, 1, 100, 0, 1, 1, 1, 1.0, 1, 1, step.draws(), sites)));
        assertThat(balance.at(grant.jobId(), 1))
                .extracting(SiteBalance::site)
                .element(10)
                .isEqualTo("layers.10.mlp");
        assertThat(balance.at(grant.jobId(), 1).getFirst().load()).isEqualTo(List.of(0.5, 0.3, 0.2, 0.0));
    }

    private List<StepMetrics> steps(Claim.Grant grant) {
        return metrics.steps(grant.jobId(), 0, LAST, null);
    }
}
