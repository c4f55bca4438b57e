package dev.remix.agent;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.WorkerApi;
import dev.remix.agent.attempt.Attempt;
import dev.remix.agent.attempt.Workplace;
import dev.remix.protocol.Claim;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one attempt after another, by the rules of its {@link Shift}. */
final class Worker {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    /** Tries to claim while the service is away, for a worker that is not there to wait. */
    private static final int CLAIM_TRIES = 8;

    private final WorkerApi api;
    private final Claim.Request self;
    private final Workplace workplace;
    private final Shift shift;
    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private volatile @Nullable Attempt current;

    /**
     * When to go home.
     *
     * @param once after one attempt
     * @param poll wait for work where there is none, asking this often; null: go home
     */
    record Shift(boolean once, @Nullable Duration poll) {}

    Worker(WorkerApi api, Claim.Request self, Workplace workplace, Shift shift) {
        this.api = api;
        this.self = self;
        this.workplace = workplace;
        this.shift = shift;
    }

    /** Works until the shift is over. */
    ExitCode run() throws ApiException, IOException, InterruptedException {
        try {
            while (true) {
                var grant = claim();
                if (grant.isEmpty()) return ExitCode.DONE;
                if (attempt(grant.get()) == Attempt.Ending.LOST) return ExitCode.LEASE_LOST;
                if (shift.once() || told()) return ExitCode.DONE;
            }
        } finally {
            gone.countDown();
        }
    }

    /** The machine takes the process away: ends the attempt in good order and waits for that, but no longer than told. */
    void leave(Duration atMost) throws InterruptedException {
        told.countDown();
        var attempt = current;
        if (attempt != null) attempt.interrupt();
        if (!gone.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) log.warn("No time left to end the attempt");
    }

    private Attempt.Ending attempt(Claim.Grant grant) throws IOException, InterruptedException {
        var attempt = new Attempt(grant, api.attempt(grant), workplace);
        current = attempt;
        if (told()) attempt.interrupt();
        try {
            return attempt.run();
        } finally {
            current = null;
        }
    }

    private Optional<Claim.Grant> claim() throws ApiException, InterruptedException {
        int failures = 0;
        while (!told()) {
            try {
                var grant = api.claim(self);
                if (grant.isPresent() || shift.poll() == null) return grant;
                failures = 0;
                pause(shift.poll());
            } catch (ApiException.Away e) {
                if (shift.poll() == null && failures == CLAIM_TRIES) throw e;
                pause(workplace.backoff().after(failures++));
            }
        }
        return Optional.empty();
    }

    private boolean told() {
        return told.getCount() == 0;
    }

    private void pause(Duration duration) throws InterruptedException {
        var _ = told.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
