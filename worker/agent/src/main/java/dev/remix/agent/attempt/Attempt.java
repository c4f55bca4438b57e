package dev.remix.agent.attempt;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Heartbeats;
import dev.remix.agent.lease.Lease;
import dev.remix.agent.lease.Orders;
import dev.remix.agent.lease.Orders.Order;
import dev.remix.agent.lease.Progress;
import dev.remix.agent.lease.Retries;
import dev.remix.agent.report.Reports;
import dev.remix.engine.train.RunOutcome;
import dev.remix.engine.train.RunSpec;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt: fetches what the job needs, trains, and delivers records, checkpoints, the adapter and at last the outcome.
 * The training has a thread of its own, and so has each thing that is sent, so that none waits for another; the calling
 * thread waits for all of them, or for the lease to be lost.
 */
public final class Attempt {
    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private final Claim.Grant grant;
    private final AttemptApi api;
    private final Workplace workplace;
    private final Lease lease;
    private final Retries retries;
    private final Orders orders = new Orders();
    private final Progress progress = new Progress();
    private final Background background = new Background(orders);
    private final CompletableFuture<Void> timeIsUp = new CompletableFuture<>();

    /** Whether the service knows how the attempt ended, or the attempt was taken from this worker. */
    public enum Ending {
        SETTLED,
        LOST
    }

    public Attempt(Claim.Grant grant, AttemptApi api, Workplace workplace) {
        this.grant = grant;
        this.api = api;
        this.workplace = workplace;
        this.lease = new Lease(grant.lease(), workplace.nanoTime());
        this.retries = new Retries(lease, workplace.backoff());
    }

    /** The machine is about to end this process: keep a checkpoint if there is time, and say so. */
    public void interrupt() {
        orders.give(Order.INTERRUPT);
        timeIsUp.completeOnTimeout(null, workplace.timeToEnd().toMillis(), TimeUnit.MILLISECONDS);
    }

    public Ending run() throws IOException, InterruptedException {
        try (var directory = WorkDirectory.create(workplace.directory());
                var reports = reports(directory);
                background) {
            background.start("heartbeats", heartbeats()::run);
            background.start("records", reports.records()::run);
            background.start("checkpoints", reports.checkpoints()::run);
            background.start("logs", reports.logs()::run);
            log.info("Attempt {} of job {} begins", grant.attempt(), grant.jobId());
            settle(outcome(directory, reports), reports);
            return Ending.SETTLED;
        } catch (ApiException.LeaseLost e) {
            log.warn("Attempt {} of job {} is lost: {}", grant.attempt(), grant.jobId(), e.getMessage());
            return Ending.LOST;
        }
    }

    private Reports reports(WorkDirectory directory) throws IOException {
        var spool = directory.path().resolve("records.ndjson");
        return new Reports(api, retries, progress, spool, workplace.spoolBytes(), this::worthwhile);
    }

    private Heartbeats heartbeats() {
        return new Heartbeats(api, lease, grant.heartbeat(), progress, orders, workplace.nanoTime());
    }

    private boolean worthwhile() {
        return lease.held() && !background.failed();
    }

    /** What is to be told, once everything that was told before it has arrived. */
    private Outcome outcome(WorkDirectory directory, Reports reports)
            throws ApiException.LeaseLost, InterruptedException {
        var outcome = trained(directory, reports);
        try {
            reports.awaitDelivered();
            background.requireWell();
            return outcome;
        } catch (ExecutionException e) {
            return failed(e.getCause() == null ? e : e.getCause());
        }
    }

    private Outcome trained(WorkDirectory directory, Reports reports)
            throws ApiException.LeaseLost, InterruptedException {
        try {
            return train(directory, reports);
        } catch (ExecutionException e) {
            return failed(e.getCause() == null ? e : e.getCause());
        } catch (ApiException | IOException | RuntimeException e) {
            return failed(e);
        }
    }

    private Outcome failed(Throwable cause) throws ApiException.LeaseLost {
        if (cause instanceof ApiException.LeaseLost lost) throw lost;
        lease.requireHeld();
        log.error("Attempt {} of job {} failed", grant.attempt(), grant.jobId(), cause);
        return Failures.describe(cause);
    }

    private Outcome train(WorkDirectory directory, Reports reports)
            throws ApiException, IOException, InterruptedException, ExecutionException {
        var inputs = directory.directory("inputs");
        var model = workplace.models().find(grant.spec().model());
        var spec = RunSpecs.of(grant.spec(), model, DataFiles.fetch(grant.spec(), inputs, api, retries));
        var checkpoints = checkpoints(inputs.resolve("checkpoint"), reports);
        if (orders.current() != Order.GO_ON) return Outcomes.ofStopped(startingStep(), orders.current());
        return switch (await(start(spec, checkpoints, directory.directory("run"), reports))) {
            case RunOutcome.Finished finished -> {
                upload(finished.adapterDirectory());
                yield Outcomes.ofFinished(finished);
            }
            case RunOutcome.Stopped stopped -> {
                background.requireWell();
                yield Outcomes.ofStopped(stopped.step(), orders.current());
            }
        };
    }

    private List<Path> checkpoints(Path target, Reports reports)
            throws ApiException, IOException, InterruptedException {
        var stored = grant.checkpoint();
        if (stored == null) return List.of();
        retries.untilDone(() -> api.download(stored, target));
        reports.telling().onNote(stored.step(), "Going on from the checkpoint of step " + stored.step() + ".");
        return List.of(target);
    }

    private int startingStep() {
        return grant.checkpoint() == null ? 0 : grant.checkpoint().step();
    }

    private CompletableFuture<RunOutcome> start(RunSpec spec, List<Path> checkpoints, Path directory, Reports reports) {
        return CompletableFuture.supplyAsync(
                () -> workplace.training().run(spec, checkpoints, directory, reports.telling(), orders),
                task -> Thread.ofPlatform().name("training").daemon().start(task));
    }

    /** The run's outcome, unless the attempt ends before it. */
    private RunOutcome await(CompletableFuture<RunOutcome> run)
            throws ApiException.LeaseLost, InterruptedException, ExecutionException {
        try {
            CompletableFuture.anyOf(run, lease.loss(), background.failure(), timeIsUp)
                    .get();
        } catch (ExecutionException e) {
            leaveTo(run);
            throw e;
        }
        if (run.isDone()) return run.get();
        if (lease.held()) throw Outcomes.noTimeForACheckpoint();
        leaveTo(run);
        throw new ApiException.LeaseLost("its lease is over");
    }

    /** The files must not be removed under a run that still writes. */
    private void leaveTo(CompletableFuture<RunOutcome> run) throws InterruptedException {
        try {
            run.get(workplace.timeToEnd().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The run did not end as it was told to", e);
        }
    }

    private void upload(Path adapterDirectory) throws ApiException, IOException, InterruptedException {
        progress.enter(Heartbeat.Phase.UPLOADING);
        try (var listed = Files.list(adapterDirectory)) {
            for (var file : listed.sorted().toList()) retries.untilDone(() -> api.uploadAdapterFile(file));
        }
    }

    private void settle(Outcome outcome, Reports reports)
            throws ApiException.LeaseLost, InterruptedException, IOException {
        reports.finishLogs();
        try {
            retries.untilDone(() -> api.outcome(outcome));
        } catch (ApiException.LeaseLost e) {
            throw e;
        } catch (ApiException e) {
            throw new IllegalStateException("the service does not take the outcome " + outcome, e);
        }
    }
}
