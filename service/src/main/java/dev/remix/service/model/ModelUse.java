package dev.remix.service.model;

import java.util.Optional;

/** Whoever reads a finetuned model's files later tells here which ones it still needs. */
public interface ModelUse {

    /** The identifier of something unfinished that needs the model, or empty. */
    Optional<String> userOfModel(String modelId);
}
