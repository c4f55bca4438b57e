package dev.remix.service.queue;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param dataDirectory where the service keeps its files
 */
@Validated
@ConfigurationProperties("remix")
record WorkerSettings(
        @NotNull Path dataDirectory, @DefaultValue Worker worker) {

    /**
     * @param token with which workers claim; without one the service makes its own and keeps it in the data directory
     */
    record Worker(@Nullable String token) {}
}
