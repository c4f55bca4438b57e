package dev.remix.service.model;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * @param modelsDirectory holds the base models, one sub-directory each, in the format of Hugging Face
 */
@Validated
@ConfigurationProperties("remix")
record ModelSettings(@NotNull Path modelsDirectory) {}
