package dev.remix.agent;

import static dev.remix.agent.FakeService.Fault.BROKEN;
import static dev.remix.agent.FakeService.Fault.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.WorkerApi;
import dev.remix.agent.attempt.BaseModels;
import dev.remix.agent.attempt.Jobs;
import dev.remix.agent.attempt.ScriptedTraining;
import dev.remix.agent.attempt.Workplace;
import dev.remix.agent.lease.Backoff;
import dev.remix.engine.train.RunControl;
import dev.remix.protocol.Claim;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WorkerTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    @TempDir
    Path temporary;

    private FakeService service;
    private Path model;

    @BeforeEach
    void start() throws IOException {
        service = new FakeService();
        model = Jobs.model(temporary.resolve("models"));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void goesHomeWhenThereIsNothingToDo() throws Exception {
        assertThat(worker(false, null).run()).isEqualTo(ExitCode.DONE);
        assertThat(service.answered()).containsExactly("claims");
    }

    @Test
    void takesOneJobWhenToldOnce() throws Exception {
        service.offer(Jobs.grant(service, model));
        service.offer(Jobs.grant(service, model));

        assertThat(worker(true, null).run()).isEqualTo(ExitCode.DONE);

        assertThat(service.outcomes()).hasSize(1);
    }

    @Test
    void waitsForAJobWhenToldToPoll() throws Exception {
        var ended = start(worker(true, OFTEN));
        service.await("the worker asks a second time", () -> service.answered().size() >= 2);
        service.offer(Jobs.grant(service, model));

        assertThat(ended.get()).isEqualTo(ExitCode.DONE);

        assertThat(service.outcomes()).hasSize(1);
    }

    @Test
    void asksAgainWhileTheServiceIsAway() throws Exception {
        service.fail("claims", BROKEN, UNAVAILABLE);
        service.offer(Jobs.grant(service, model));

        assertThat(worker(true, null).run()).isEqualTo(ExitCode.DONE);

        assertThat(service.outcomes()).hasSize(1);
    }

    @Test
    void givesUpOnAServiceThatStaysAway() {
        service.away(true);

        assertThatExceptionOfType(ApiException.Away.class)
                .isThrownBy(() -> worker(true, null).run());
    }

    @Test
    void saysByItsExitCodeThatTheLeaseIsLost() throws Exception {
        service.order(Heartbeat.Command.LOST);
        service.offer(Jobs.grant(service, model));
        var worker = worker(true, null, new ScriptedTraining(9, 9, (step, control) -> awaitSignal(control)));

        assertThat(worker.run()).isEqualTo(ExitCode.LEASE_LOST);
    }

    @Test
    void leavesAtOnceWhenItIsOnlyWaiting() throws Exception {
        var worker = worker(false, Duration.ofDays(1));
        var ended = start(worker);
        service.await("the worker waits", () -> service.answered().contains("claims"));

        worker.leave(Duration.ofSeconds(20));

        assertThat(ended.get()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void leavesInGoodOrderWhenItIsTraining() throws Exception {
        var worker = new CompletableFuture<Worker>();
        var leaving = new CompletableFuture<@Nullable Void>();
        var training = new ScriptedTraining(9, 9, (step, control) -> {
            if (step == 3) {
                leaving.completeAsync(
                        () -> leave(worker.join()), task -> Thread.ofPlatform().start(task));
                awaitSignal(control);
            }
        });
        service.offer(Jobs.grant(service, model));
        worker.complete(worker(false, OFTEN, training));

        assertThat(worker.join().run()).isEqualTo(ExitCode.DONE);

        leaving.join();
        assertThat(service.outcomes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.kind()).isEqualTo(FailureKind.INTERRUPTED));
        assertThat(service.uploads()).containsKey("checkpoints/2");
    }

    private static void awaitSignal(RunControl control) {
        Await.until("the run is told to end", () -> control.signal() != RunControl.Signal.CONTINUE);
    }

    private static @Nullable Void leave(Worker worker) {
        try {
            worker.leave(Duration.ofSeconds(20));
            return null;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<ExitCode> start(Worker worker) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return worker.run();
                    } catch (ApiException | IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                task -> Thread.ofPlatform().start(task));
    }

    private Worker worker(boolean once, @Nullable Duration poll) {
        return worker(once, poll, ScriptedTraining.of(1));
    }

    private Worker worker(boolean once, @Nullable Duration poll, ScriptedTraining training) {
        var workplace = new Workplace(
                new BaseModels(temporary.resolve("models")),
                temporary.resolve("work"),
                training,
                new Backoff(Duration.ofMillis(2), Duration.ofMillis(20), new Random(7)),
                System::nanoTime,
                1 << 20,
                Duration.ofSeconds(20));
        var api = new WorkerApi(service.url(), "registration");
        return new Worker(api, new Claim.Request("worker-1", "cpu", 1 << 30), workplace, new Worker.Shift(once, poll));
    }
}
