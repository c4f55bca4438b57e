package dev.remix.engine.text;

import java.util.List;

/**
 * A chat template that this program renders itself.
 *
 * <p>A model brings its template as a Jinja program. Running it would let a model's file, and with a careless engine the
 * text of a user, decide what is executed here; so a template is recognised by its exact source ({@link KnownTemplate}) and
 * rendered by code of ours that tests hold against what transformers makes of that source.
 *
 * <p>A conversation that a template refuses is INVALID_DATA. Where a template renders a whole conversation otherwise than the
 * question and then the answer, the question's rendering counts: it is what the trained model will meet.
 */
interface ChatTemplate {

    /** The conversation in stretches; with {@code answerFollows} up to where an answer of the assistant's begins. */
    List<Piece> render(List<Message> messages, boolean answerFollows);

    /** The control token that ends an answer. */
    String endOfTurn();

    /** What of a generated text is the answer. */
    default String answer(String generated) {
        return generated;
    }
}
