package dev.remix.engine.text;

/**
 * A stretch of a rendered chat.
 *
 * @param control whether {@code text} is one of the template's control tokens; other text never becomes one, whatever it says
 * @param learnt whether its tokens are in the loss
 */
record Piece(String text, boolean control, boolean learnt) {
    static Piece control(String token, boolean learnt) {
        return new Piece(token, true, learnt);
    }

    static Piece text(String text, boolean learnt) {
        return new Piece(text, false, learnt);
    }
}
