package dev.remix.engine.text;

import java.util.ArrayList;
import java.util.List;

/** A rendered chat as it grows. */
final class Pieces {
    private final List<Piece> pieces = new ArrayList<>();

    Pieces control(String token) {
        return add(token, Piece.Kind.CONTROL, 0);
    }

    Pieces marker(String token) {
        return add(token, Piece.Kind.MARKER, 0);
    }

    Pieces text(String text) {
        return add(text, Piece.Kind.TEXT, 0);
    }

    /** What the assistant says in this message and the token that ends it. */
    Pieces answer(Message message, String text, String end) {
        return add(text, Piece.Kind.TEXT, message.weight()).add(end, Piece.Kind.CONTROL, message.weight());
    }

    private Pieces add(String text, Piece.Kind kind, float weight) {
        if (!text.isEmpty()) {
            pieces.add(new Piece(text, kind, weight));
        }
        return this;
    }

    List<Piece> toList() {
        return List.copyOf(pieces);
    }
}
