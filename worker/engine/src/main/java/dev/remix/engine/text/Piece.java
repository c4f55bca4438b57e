package dev.remix.engine.text;

/**
 * A stretch of a rendered chat.
 *
 * @param weight of its tokens in the loss
 */
record Piece(String text, Kind kind, float weight) {

    /** Whether its tokens are in the loss. */
    boolean learnt() {
        return weight > 0;
    }

    /** What a stretch becomes. */
    enum Kind {
        /** Tokens of ordinary text, never a control token, whatever it says. */
        TEXT,
        /** One control token. */
        CONTROL,
        /** A control token where the tokenizer has one of that name, ordinary text elsewhere. */
        MARKER
    }
}
