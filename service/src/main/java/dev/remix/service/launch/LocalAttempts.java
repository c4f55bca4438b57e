package dev.remix.service.launch;

import dev.remix.protocol.FailureKind;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Failure;
import dev.remix.service.queue.Settlement;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** What attempts the workers hold that a launcher started, by their names. */
@Component
class LocalAttempts {
    private static final Failure DIED = new Failure(
            FailureKind.WORKER_LOST,
            "The worker's process ended without a word.",
            "See the end of the job's log; a process that used up its machine's memory is killed.");

    private static final Failure STOPPED = new Failure(
            FailureKind.INTERRUPTED, "The service was stopped before the worker could keep its progress.", null);

    private final JdbcClient jdbc;
    private final Settlement settlement;
    private final TransactionTemplate transactions;

    LocalAttempts(JdbcClient jdbc, Settlement settlement, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.settlement = settlement;
        this.transactions = transactions;
    }

    /** Names of the workers that hold a live attempt. */
    Set<String> busyWorkers() {
        return jdbc.sql("SELECT worker FROM attempts WHERE ended_at IS NULL")
                .query(String.class)
                .set();
    }

    boolean hadAny(String worker) {
        return jdbc.sql("SELECT EXISTS (SELECT FROM attempts WHERE worker = :worker)")
                .param("worker", worker)
                .query(Boolean.class)
                .single();
    }

    void workerDied(String worker) {
        fail(worker, DIED);
    }

    void workerStopped(String worker) {
        fail(worker, STOPPED);
    }

    private void fail(String worker, Failure failure) {
        transactions.executeWithoutResult(
                status -> hold(worker).ifPresent(attempt -> settlement.fail(attempt, failure)));
    }

    private Optional<AttemptId> hold(String worker) {
        return jdbc.sql("""
                SELECT job_id, number FROM attempts WHERE worker = :worker AND ended_at IS NULL FOR UPDATE
                """)
                .param("worker", worker)
                .query((row, index) -> new AttemptId(row.getString("job_id"), row.getInt("number")))
                .optional();
    }
}
