package dev.remix.service.queue;

import dev.remix.protocol.Meters;
import dev.remix.service.job.AttemptEnded;
import dev.remix.service.job.FencedWrite;
import dev.remix.service.job.Job;
import dev.remix.service.job.JobChanged;
import dev.remix.service.job.JobState;
import dev.remix.service.job.Jobs;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** The meters of the queue. What is counted is counted once its transaction has committed. */
@Component
public class QueueMeters {
    private final JdbcClient jdbc;
    private final Jobs jobs;
    private final MeterRegistry registry;
    private final MultiGauge byState;
    private final MultiGauge heartbeatAge;
    private final Counter fencedWrites;
    private final Counter leaseExpirations;

    QueueMeters(JdbcClient jdbc, Jobs jobs, MeterRegistry registry) {
        this.jdbc = jdbc;
        this.jobs = jobs;
        this.registry = registry;
        this.byState = MultiGauge.builder(Meters.JOBS).register(registry);
        this.heartbeatAge = MultiGauge.builder(Meters.WORKER_HEARTBEAT_AGE).register(registry);
        this.fencedWrites = registry.counter(Meters.FENCED_WRITES);
        this.leaseExpirations = registry.counter(Meters.LEASE_EXPIRATIONS);
    }

    @TransactionalEventListener
    void claimed(JobClaimed claimed) {
        registry.timer(Meters.JOB_QUEUE_WAIT).record(claimed.waited());
    }

    @TransactionalEventListener
    void ended(AttemptEnded ended) {
        String reason = ended.end()
                .failure()
                .map(failure -> lower(failure.kind()))
                .orElse(ended.end().outcome());
        registry.counter(Meters.ATTEMPTS, Meters.REASON, reason).increment();
    }

    @TransactionalEventListener(LeaseExpired.class)
    void leaseExpired() {
        leaseExpirations.increment();
    }

    /** A refused write has no transaction that commits. */
    @EventListener(FencedWrite.class)
    void fenced() {
        fencedWrites.increment();
    }

    @TransactionalEventListener
    void finished(JobChanged changed) {
        if (changed.to().isFinal()) {
            Job job = jobs.get(changed.jobId());
            job.startedAt()
                    .flatMap(started -> job.finishedAt().map(finished -> Duration.between(started, finished)))
                    .ifPresent(duration -> registry.timer(
                                    Meters.JOB_DURATION,
                                    Meters.OUTCOME,
                                    job.state().text())
                            .record(duration));
            job.failure()
                    .ifPresent(failure -> registry.counter(
                                    Meters.JOB_FAILURES,
                                    Meters.CLASS,
                                    lower(failure.kind().blame()),
                                    Meters.CODE,
                                    lower(failure.kind()))
                            .increment());
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Scheduled(fixedDelayString = "${remix.telemetry.refresh-every:2s}")
    public synchronized void refresh() {
        byState.register(countsByState(), true);
        heartbeatAge.register(heartbeatAges(), true);
    }

    /** Zero is a count too, so every state has its series. */
    private List<Row<?>> countsByState() {
        Map<String, Long> counts = jdbc
                .sql("SELECT state, count(*) AS jobs FROM jobs GROUP BY state")
                .query((row, index) -> Map.entry(row.getString("state"), row.getLong("jobs")))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return Arrays.stream(JobState.values())
                .map(JobState::text)
                .<Row<?>>map(state -> Row.of(Tags.of(Meters.STATE, state), counts.getOrDefault(state, 0L)))
                .toList();
    }

    private List<Row<?>> heartbeatAges() {
        return jdbc.sql("""
                SELECT worker, extract(epoch FROM now() - min(heartbeat_at)) AS age
                FROM attempts WHERE ended_at IS NULL GROUP BY worker
                """)
                .<Row<?>>query(
                        (row, index) -> Row.of(Tags.of(Meters.WORKER, row.getString("worker")), row.getDouble("age")))
                .list();
    }
}
