package dev.remix.agent.lease;

import dev.remix.agent.api.ApiException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats a call for as long as the service is away and the lease may still be valid. */
public final class Retries {
    private static final Logger log = LoggerFactory.getLogger(Retries.class);

    private final Lease lease;
    private final Backoff backoff;

    public Retries(Lease lease, Backoff backoff) {
        this.lease = lease;
        this.backoff = backoff;
    }

    @FunctionalInterface
    public interface Call<T> {
        T answer() throws ApiException, IOException, InterruptedException;
    }

    @FunctionalInterface
    public interface Act {
        void run() throws ApiException, IOException, InterruptedException;
    }

    public void untilDone(Act act) throws ApiException, IOException, InterruptedException {
        untilAnswered(() -> {
            act.run();
            return true;
        });
    }

    public <T> T untilAnswered(Call<T> call) throws ApiException, IOException, InterruptedException {
        for (int failures = 0; ; failures++) {
            lease.requireHeld();
            try {
                return call.answer();
            } catch (ApiException.Away e) {
                if (failures == 0) log.warn("The service is away, trying on: {}", e.getMessage());
                lease.pause(backoff.after(failures));
            } catch (ApiException.LeaseLost e) {
                lease.lose();
                throw e;
            }
        }
    }
}
