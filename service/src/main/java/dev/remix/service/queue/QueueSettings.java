package dev.remix.service.queue;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param lease time without a heartbeat after which an attempt is taken away from its worker
 * @param heartbeat interval at which workers are told to send heartbeats; several must fit in a lease
 * @param reapEvery interval at which leases that ran out are looked for
 * @param backoff wait before the first retry; doubled for each further one
 * @param maxBackoff longest wait before a retry
 * @param keptCheckpoints checkpoints of a job that are kept, the newest ones
 */
@Validated
@ConfigurationProperties("remix.queue")
public record QueueSettings(
        @NotNull @DefaultValue("30s") Duration lease,
        @NotNull @DefaultValue("5s") Duration heartbeat,
        @NotNull @DefaultValue("1s") Duration reapEvery,
        @NotNull @DefaultValue("2s") Duration backoff,
        @NotNull @DefaultValue("5m") Duration maxBackoff,
        @Min(1) @DefaultValue("2") int keptCheckpoints) {
    public QueueSettings {
        if (heartbeat.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "remix.queue.heartbeat %s leaves no second chance within remix.queue.lease %s"
                            .formatted(heartbeat, lease));
        }
    }
}
