package dev.remix.agent.attempt;

import static dev.remix.agent.FakeService.Fault.BROKEN;
import static dev.remix.agent.FakeService.Fault.LEASE_LOST;
import static dev.remix.agent.FakeService.Fault.UNANSWERED;
import static dev.remix.agent.FakeService.Fault.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.agent.Await;
import dev.remix.agent.FakeService;
import dev.remix.agent.api.WorkerApi;
import dev.remix.agent.attempt.Attempt.Ending;
import dev.remix.agent.lease.Backoff;
import dev.remix.engine.EngineException;
import dev.remix.engine.train.RunControl;
import dev.remix.engine.train.RunControl.Signal;
import dev.remix.protocol.Claim;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.WorkerRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AttemptTest {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PLENTY = Duration.ofSeconds(20);

    @TempDir
    Path temporary;

    private final AtomicLong now = new AtomicLong();
    private FakeService service;
    private Path model;

    @BeforeEach
    void start() throws IOException {
        service = new FakeService();
        model = Jobs.model(models());
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void everythingArrivesBeforeTheOutcomeDoes() throws Exception {
        assertThat(run(new ScriptedTraining(5, 2, (step, control) -> {}))).isEqualTo(Ending.SETTLED);

        assertThat(service.steps()).containsExactly(1, 2, 3, 4, 5);
        assertThat(service.uploads())
                .containsEntry("checkpoints/4", "state 4")
                .containsEntry("adapter/adapter_model.safetensors", "weights")
                .containsEntry("adapter/adapter_config.json", "{}");
        assertThat(service.outcomes()).singleElement().isInstanceOfSatisfying(Outcome.Succeeded.class, succeeded -> {
            assertThat(succeeded.result().steps()).isEqualTo(5);
            assertThat(succeeded.result().tokensPerSecond()).isEqualTo(25.0);
        });
        assertThat(service.answered().stream().filter(resource -> !resource.equals("heartbeat")))
                .last()
                .isEqualTo("outcome");
        assertThat(service.logs()).anySatisfy(line -> assertThat(line.text()).contains("Attempt 1 of job ftjob-1"));
        assertWorkIsGone();
    }

    @Test
    void recordsArriveInOrderAndOnceThoughConnectionsBreak() throws Exception {
        service.fail("records", BROKEN, UNANSWERED, UNAVAILABLE, UNANSWERED, BROKEN);

        assertThat(run(ScriptedTraining.of(450))).isEqualTo(Ending.SETTLED);

        assertThat(service.records().stream().map(WorkerRecord::seq))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 450).boxed().toList());
        assertThat(service.steps())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 450).boxed().toList());
    }

    @Test
    void trainingGoesOnWhileTheServiceIsAway() throws Exception {
        var training = new ScriptedTraining(300, 100, (step, control) -> {
            if (step == 3) service.away(true);
        });
        var ending = start(training);
        assertThat(training.ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(service.outcomes()).isEmpty();

        service.away(false);

        assertThat(ending.get()).isEqualTo(Ending.SETTLED);
        assertThat(service.steps())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 300).boxed().toList());
        assertThat(service.uploads()).containsKey("checkpoints/300");
    }

    @Test
    void checkpointWaitsForTheRecordsOfItsSteps() throws Exception {
        service.fail("records", BROKEN, BROKEN, BROKEN, BROKEN);

        run(new ScriptedTraining(3, 3, (step, control) -> {}));

        var answered = service.answered();
        assertThat(answered.indexOf("checkpoints/3")).isGreaterThan(answered.lastIndexOf("records"));
    }

    @Test
    void lostLeaseStopsEverything() throws Exception {
        var training = new ScriptedTraining(100, 10, (step, control) -> {
            if (step == 25) order(Heartbeat.Command.LOST, control);
        });

        assertThat(run(training)).isEqualTo(Ending.LOST);

        assertThat(training.lastSignal).isEqualTo(Signal.ABANDON);
        assertThat(service.outcomes()).isEmpty();
        assertThat(service.steps()).doesNotContain(25);
        assertWorkIsGone();
        int requests = service.requests();
        service.close();
        assertThat(service.requests()).isEqualTo(requests);
    }

    @Test
    void refusedWriteOfAStaleAttemptStopsEverything() throws Exception {
        service.fail("records", LEASE_LOST);
        var training = new ScriptedTraining(100, 10, (step, control) -> {
            if (step == 2) awaitSignal(control);
        });

        assertThat(run(training)).isEqualTo(Ending.LOST);

        assertThat(service.records()).isEmpty();
        assertThat(service.outcomes()).isEmpty();
    }

    @Test
    void serviceGoneForLongerThanTheLeaseEndsTheAttempt() throws Exception {
        var training = new ScriptedTraining(100, 10, (step, control) -> {
            if (step == 2) {
                service.away(true);
                now.addAndGet(LEASE.toNanos());
                awaitSignal(control);
            }
        });

        assertThat(run(training)).isEqualTo(Ending.LOST);

        assertThat(training.lastSignal).isEqualTo(Signal.ABANDON);
        assertWorkIsGone();
    }

    @Test
    void runThatDoesNotNoticeIsLeftBehind() throws Exception {
        var release = new CountDownLatch(1);
        var training = new ScriptedTraining(100, 10, (step, control) -> {
            order(Heartbeat.Command.LOST, control);
            awaitUninterruptibly(release);
        });

        var attempt = attempt(training, Jobs.grant(service, model, LEASE, null), Duration.ofMillis(50));

        assertThat(attempt.run()).isEqualTo(Ending.LOST);
        release.countDown();
    }

    @Test
    void outcomeIsRepeatedUntilItIsAcknowledged() throws Exception {
        service.fail("outcome", UNAVAILABLE, BROKEN, UNANSWERED);

        assertThat(run(ScriptedTraining.of(2))).isEqualTo(Ending.SETTLED);

        assertThat(service.outcomes()).hasSize(2).allMatch(Outcome.Succeeded.class::isInstance);
    }

    @Test
    void dataOfAnotherHashIsNotTrainedOn() throws Exception {
        var grant = Jobs.grant(service, model, LEASE, null);
        service.file("files/file-1", "other");
        var training = ScriptedTraining.of(2);

        assertThat(run(training, grant)).isEqualTo(Ending.SETTLED);

        assertThat(training.spec).isNull();
        assertFailed(FailureKind.STORAGE);
    }

    @Test
    void dataIsFetchedAgainWhenTheConnectionBreaks() throws Exception {
        service.fail("files", UNAVAILABLE, UNANSWERED);
        var training = ScriptedTraining.of(1);

        run(training);

        assertThat(training.spec).isNotNull();
        assertThat(service.outcomes()).singleElement().isInstanceOf(Outcome.Succeeded.class);
    }

    @Test
    void cancelKeepsACheckpoint() throws Exception {
        run(orderedAt(4, Heartbeat.Command.CANCEL));

        assertThat(service.outcomes()).containsExactly(new Outcome.Cancelled(3));
        assertThat(service.uploads()).containsEntry("checkpoints/3", "state 3");
    }

    @Test
    void stopKeepsACheckpoint() throws Exception {
        run(orderedAt(4, Heartbeat.Command.STOP));

        assertThat(service.outcomes()).containsExactly(new Outcome.Stopped(3));
        assertThat(service.uploads()).containsEntry("checkpoints/3", "state 3");
    }

    @Test
    void machineThatTakesTheWorkerAwayGetsACheckpointFirst() throws Exception {
        var attempt = new CompletableFuture<Attempt>();
        var training = new ScriptedTraining(9, 100, (step, control) -> {
            if (step == 4) {
                attempt.join().interrupt();
                awaitSignal(control);
            }
        });
        attempt.complete(attempt(training, Jobs.grant(service, model, LEASE, null), PLENTY));

        assertThat(attempt.join().run()).isEqualTo(Ending.SETTLED);

        assertThat(service.uploads()).containsEntry("checkpoints/3", "state 3");
        assertFailed(FailureKind.INTERRUPTED);
    }

    @Test
    void interruptionIsReportedEvenIfTheRunDoesNotReturn() throws Exception {
        var attempt = new CompletableFuture<Attempt>();
        var release = new CountDownLatch(1);
        var training = new ScriptedTraining(9, 100, (step, control) -> {
            attempt.join().interrupt();
            awaitUninterruptibly(release);
        });
        attempt.complete(attempt(training, Jobs.grant(service, model, LEASE, null), Duration.ofMillis(50)));

        assertThat(attempt.join().run()).isEqualTo(Ending.SETTLED);
        release.countDown();

        assertFailed(FailureKind.INTERRUPTED);
    }

    @Test
    void beginsWithTheAdapterThatTheJobNames() throws Exception {
        var training = ScriptedTraining.of(1);

        run(training, Jobs.startingFrom(service, Jobs.grant(service, model), "its weights"));

        assertThat(training.begunWith).isEqualTo("its weights");
    }

    @Test
    void goesOnFromTheCheckpointOfTheGrant() throws Exception {
        var state = "state 20";
        service.file("checkpoints/20", state);
        var checkpoint = new Claim.CheckpointRef(20, FakeService.sha256(state), state.length());
        var training = ScriptedTraining.of(1);

        run(training, Jobs.grant(service, model, LEASE, checkpoint));

        assertThat(training.resumedFrom).isEqualTo("state 20");
        assertThat(service.records())
                .first()
                .isInstanceOfSatisfying(
                        WorkerRecord.Note.class,
                        note -> assertThat(note.message()).contains("step 20"));
    }

    @Test
    void engineFailureKeepsItsKindAndItsSentence() throws Exception {
        run(failing(new EngineException(EngineException.Kind.DIVERGED, "The loss is not a number at step 2.")));

        assertThat(service.outcomes())
                .containsExactly(new Outcome.Failed(FailureKind.DIVERGED, "The loss is not a number at step 2.", null));
        assertThat(service.steps()).containsExactly(1);
    }

    @Test
    void unexpectedFailureTellsTheUserNothingInternalAndTheLogEverything() throws Exception {
        run(failing(new IllegalStateException("internal words")));

        assertFailed(FailureKind.INTERNAL);
        assertThat(service.outcomes().toString()).doesNotContain("internal words");
        assertThat(service.logs())
                .anySatisfy(line -> assertThat(line.text())
                        .contains("IllegalStateException: internal words")
                        .contains("at dev.remix.agent"));
    }

    @Test
    void heartbeatsTellWhereTheRunStands() throws Exception {
        run(new ScriptedTraining(3, 100, (step, control) -> {
            if (step == 3) service.await("a beat of step 2", this::isTrainingAtStepTwo);
        }));

        assertThat(isTrainingAtStepTwo()).isTrue();
    }

    // --- how the tests do it ---------------------------------------------------------------------------------------

    private boolean isTrainingAtStepTwo() {
        return service.beats().contains(new Heartbeat.Beat(Heartbeat.Phase.TRAINING, 2));
    }

    private Ending run(Training training) throws Exception {
        return run(training, Jobs.grant(service, model, LEASE, null));
    }

    private Ending run(Training training, Claim.Grant grant) throws Exception {
        return attempt(training, grant, PLENTY).run();
    }

    private CompletableFuture<Ending> start(Training training) throws IOException {
        var attempt = attempt(training, Jobs.grant(service, model, LEASE, null), PLENTY);
        // Not on the common pool: with two cores it has one thread, and the HTTP client completes its calls there.
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return attempt.run();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                task -> Thread.ofPlatform().start(task));
    }

    private Attempt attempt(Training training, Claim.Grant grant, Duration timeToEnd) {
        var backoff = new Backoff(Duration.ofMillis(5), Duration.ofMillis(50), new Random(7));
        var workplace =
                new Workplace(new BaseModels(models()), work(), training, backoff, now::get, 1 << 20, timeToEnd);
        return new Attempt(grant, new WorkerApi(service.url(), "registration").attempt(grant), workplace);
    }

    private Path models() {
        return temporary.resolve("models");
    }

    private Path work() {
        return temporary.resolve("work");
    }

    private void order(Heartbeat.Command command, RunControl control) {
        service.order(command);
        awaitSignal(control);
    }

    private static void awaitSignal(RunControl control) {
        Await.until("the run is told to end", () -> control.signal() != Signal.CONTINUE);
    }

    private static void awaitUninterruptibly(CountDownLatch release) {
        Await.until("the test is over", () -> release.getCount() == 0);
    }

    private ScriptedTraining orderedAt(int when, Heartbeat.Command command) {
        return new ScriptedTraining(9, 100, (step, control) -> {
            if (step == when) order(command, control);
        });
    }

    private static ScriptedTraining failing(RuntimeException failure) {
        return new ScriptedTraining(9, 100, (step, control) -> {
            if (step == 2) throw failure;
        });
    }

    private void assertFailed(FailureKind kind) {
        assertThat(service.outcomes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.kind()).isEqualTo(kind));
    }

    private void assertWorkIsGone() throws IOException {
        try (var left = Files.list(work())) {
            assertThat(left).isEmpty();
        }
    }
}
