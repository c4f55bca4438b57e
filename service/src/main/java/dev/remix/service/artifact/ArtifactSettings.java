package dev.remix.service.artifact;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * @param directory where objects lie
 */
@Validated
@ConfigurationProperties("remix.artifacts")
record ArtifactSettings(@NotNull Path directory) {}
