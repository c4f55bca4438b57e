package dev.remix.service.model;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A model to finetune: a sub-directory of the models directory.
 *
 * @param id the directory's name
 * @param contextLength tokens that the model can see at once
 * @param createdAt when its configuration was last changed
 */
public record BaseModel(String id, Path directory, int contextLength, Instant createdAt) {}
