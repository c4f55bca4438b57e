package dev.remix.engine.text;

/**
 * A stretch of a rendered chat.
 *
 * @param learnt whether its tokens are in the loss
 */
record Piece(String text, Kind kind, boolean learnt) {

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
