package dev.remix.engine.text;

import dev.remix.engine.text.Message.Role;
import java.util.List;
import java.util.Locale;

/**
 * Llama 3: a header with the role, the content without blanks at its ends, and {@code <|eot_id|>}.
 *
 * <p>From 3.1 on there is always a system turn, and it names a day. The template takes today's where it can; here it is the day
 * that the template itself falls back on, as a job that is run again must read the same text.
 *
 * @param dated whether the system turn is Llama 3.1's
 */
record Llama3Template(String beginning, boolean dated) implements ChatTemplate {
    private static final String END = "<|eot_id|>";
    private static final String DATES = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n";

    @Override
    public List<Piece> render(List<Message> messages, boolean answerFollows) {
        Pieces pieces = new Pieces();
        Conversation conversation = Conversation.of(messages);
        if (dated) {
            pieces.control(beginning);
            turn(pieces, Message.system(""), DATES + Blanks.strip(conversation.systemOr("")));
            conversation.turns().forEach(message -> turn(pieces, message, Blanks.strip(message.content())));
        } else if (!messages.isEmpty()) {
            pieces.control(beginning);
            messages.forEach(message -> turn(pieces, message, Blanks.strip(message.content())));
        }
        if (answerFollows) {
            head(pieces, Role.ASSISTANT);
        }
        return pieces.toList();
    }

    private static void turn(Pieces pieces, Message message, String content) {
        head(pieces, message.role());
        if (message.role() == Role.ASSISTANT) {
            pieces.answer(message, content, END);
        } else {
            pieces.text(content).control(END);
        }
    }

    private static void head(Pieces pieces, Role role) {
        pieces.control("<|start_header_id|>")
                .text(role.name().toLowerCase(Locale.ROOT))
                .control("<|end_header_id|>")
                .text("\n\n");
    }

    @Override
    public String endOfTurn() {
        return END;
    }
}
