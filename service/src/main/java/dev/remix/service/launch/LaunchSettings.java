package dev.remix.service.launch;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param launcher {@code local} starts workers as child processes, {@code pull} starts none: they come by themselves
 */
@Validated
@ConfigurationProperties("remix.launch")
record LaunchSettings(
        @DefaultValue("local") Kind launcher, @DefaultValue Local local) {

    enum Kind {
        LOCAL,
        PULL
    }

    /**
     * @param slots workers at a time
     * @param command how to start the worker's program, up to but without its arguments; empty for the Java that runs the
     *     service with the libraries of the installation
     * @param url where workers find the service; null for this machine and the port it listens on
     * @param grace time that workers get to keep their progress when the service stops
     * @param idle time without an attempt after which a worker that does not end is ended
     */
    record Local(
            @Min(1) @DefaultValue("1") int slots,
            @DefaultValue List<String> command,
            @Nullable URI url,
            @NotNull @DefaultValue("12s") Duration grace,
            @NotNull @DefaultValue("1m") Duration idle) {}
}
