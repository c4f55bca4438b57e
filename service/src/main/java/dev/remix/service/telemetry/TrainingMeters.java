package dev.remix.service.telemetry;

import dev.remix.protocol.Meters;
import dev.remix.protocol.WorkerRecord;
import dev.remix.service.job.JobChanged;
import dev.remix.service.job.JobState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The meters of training. Gauges are made anew from the database at each refresh, so they come back after a restart, are the
 * same in every service, and go when their job ends.
 */
@Component
public class TrainingMeters {
    private final RunningJobs running;
    private final MeterRegistry registry;
    private final Counter tokens;
    private final Counter records;
    private final Timer step;

    private final MultiGauge loss;
    private final MultiGauge tokensPerSecond;
    private final MultiGauge advantageStddev;
    private final MultiGauge effectiveLoras;
    private final MultiGauge policyEffectiveLoras;
    private final MultiGauge maxLoadRatio;
    private final MultiGauge deadLoras;
    private final MultiGauge distinctSubsets;
    private final MultiGauge topMass;

    TrainingMeters(RunningJobs running, MeterRegistry registry) {
        this.running = running;
        this.registry = registry;
        this.tokens = registry.counter(Meters.TRAINING_TOKENS);
        this.records = registry.counter(Meters.RECORDS_INGESTED);
        this.step = registry.timer(Meters.TRAINING_STEP);
        this.loss = gauge(Meters.TRAINING_LOSS);
        this.tokensPerSecond = gauge(Meters.TRAINING_TOKENS_PER_SECOND);
        this.advantageStddev = gauge(Meters.ROUTER_ADVANTAGE_STDDEV);
        this.effectiveLoras = gauge(Meters.ROUTING_EFFECTIVE_LORAS);
        this.policyEffectiveLoras = gauge(Meters.ROUTING_POLICY_EFFECTIVE_LORAS);
        this.maxLoadRatio = gauge(Meters.ROUTING_MAX_LOAD_RATIO);
        this.deadLoras = gauge(Meters.ROUTING_DEAD_LORAS);
        this.distinctSubsets = gauge(Meters.ROUTING_DISTINCT_SUBSETS);
        this.topMass = gauge(Meters.ROUTING_TOP_MASS);
    }

    private MultiGauge gauge(String name) {
        return MultiGauge.builder(name).register(registry);
    }

    @TransactionalEventListener
    void count(RecordsIngested ingested) {
        records.increment(ingested.records().size());
        for (WorkerRecord ingestedRecord : ingested.records()) {
            if (ingestedRecord instanceof WorkerRecord.Step trained) {
                tokens.increment(trained.tokens());
                step.record(Duration.ofNanos(Math.round(trained.seconds() * 1e9)));
            }
        }
    }

    @TransactionalEventListener
    void refresh(JobChanged changed) {
        if (changed.from() == JobState.RUNNING && changed.to() != JobState.RUNNING) {
            refresh();
        }
    }

    @Scheduled(fixedDelayString = "${remix.telemetry.refresh-every:2s}")
    public synchronized void refresh() {
        loss.register(rows(running.losses(), RunningJobs.Loss::tags, RunningJobs.Loss::loss), true);
        List<RunningJobs.Step> steps = running.steps();
        tokensPerSecond.register(rows(steps, RunningJobs.Step::tags, RunningJobs.Step::tokensPerSecond), true);
        advantageStddev.register(rows(steps, RunningJobs.Step::tags, RunningJobs.Step::advantageStddev), true);
        List<RunningJobs.Site> sites = running.sites();
        register(effectiveLoras, sites, site -> site.balance().appliedEffectiveLorasMin());
        register(policyEffectiveLoras, sites, site -> site.balance().policyEffectiveLoras());
        register(
                maxLoadRatio,
                sites,
                site -> LoadBalance.of(site.balance().load()).maxRatio());
        register(deadLoras, sites, site -> LoadBalance.of(site.balance().load()).dead());
        register(distinctSubsets, sites, site -> site.balance().distinctSubsets());
        register(topMass, sites, site -> site.balance().topKMass());
    }

    private static void register(
            MultiGauge gauge, List<RunningJobs.Site> sites, ToDoubleFunction<RunningJobs.Site> value) {
        gauge.register(rows(sites, RunningJobs.Site::tags, value::applyAsDouble), true);
    }

    private interface Value<T> {
        @Nullable
        Double of(T source);
    }

    private interface Tagged<T> {
        Tags of(T source);
    }

    /** What was not recorded has no series, rather than one of zeros. */
    private static <T> List<Row<?>> rows(List<T> sources, Tagged<T> tags, Value<T> value) {
        List<Row<?>> rows = new ArrayList<>();
        for (T source : sources) {
            Double known = value.of(source);
            if (known != null) {
                rows.add(Row.of(tags.of(source), known));
            }
        }
        return rows;
    }
}
