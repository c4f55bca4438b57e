package dev.remix.service.model;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A model to finetune: a sub-directory of the models directory, in the format of Hugging Face. */
public final class BaseModel {
    private final String id;
    private final Path directory;
    private final int contextLength;
    private final Instant createdAt;
    private final Optional<TokenFloor> floor;

    BaseModel(String id, Path directory, int contextLength, Instant createdAt, Optional<TokenFloor> floor) {
        this.id = id;
        this.directory = directory;
        this.contextLength = contextLength;
        this.createdAt = createdAt;
        this.floor = floor;
    }

    /** The directory's name. */
    public String id() {
        return id;
    }

    public Path directory() {
        return directory;
    }

    /** Tokens that the model can see at once. */
    public int contextLength() {
        return contextLength;
    }

    /** When its configuration was last changed. */
    public Instant createdAt() {
        return createdAt;
    }

    /** Whether {@link #cannotHold} can ever tell. */
    public boolean countsTokens() {
        return floor.isPresent();
    }

    /** Whether the conversation certainly has more than {@code tokens}; false where only the tokenizer can tell. */
    public boolean cannotHold(List<Turn> turns, int tokens) {
        return floor.isPresent() && floor.get().exceeds(turns, tokens);
    }
}
