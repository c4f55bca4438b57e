package dev.remix.engine.text;

import java.util.List;
import java.util.Locale;

/**
 * ChatML: {@code <|im_start|>role\ncontent<|im_end|>\n} for each turn.
 *
 * @param defaultSystem the system turn of a conversation that has none; empty for no such turn
 */
record ChatMlTemplate(String defaultSystem) implements ChatTemplate {
    private static final String START = "<|im_start|>";
    private static final String END = "<|im_end|>";

    @Override
    public List<Piece> render(List<Message> messages, boolean answerFollows) {
        Pieces pieces = new Pieces();
        boolean hasSystem = !messages.isEmpty() && messages.getFirst().role() == Message.Role.SYSTEM;
        if (!defaultSystem.isEmpty() && !hasSystem) {
            turn(pieces, Message.system(defaultSystem), defaultSystem);
        }
        messages.forEach(message -> turn(pieces, message, message.content()));
        if (answerFollows) {
            answerHead(pieces);
        }
        return pieces.toList();
    }

    static void turn(Pieces pieces, Message message, String content) {
        if (message.role() == Message.Role.ASSISTANT) {
            answerHead(pieces);
            pieces.answer(message, content, END);
        } else {
            String role = message.role().name().toLowerCase(Locale.ROOT);
            pieces.control(START).text(role + "\n" + content).control(END);
        }
        pieces.text("\n");
    }

    static void answerHead(Pieces pieces) {
        pieces.control(START).text("assistant\n");
    }

    @Override
    public String endOfTurn() {
        return END;
    }
}
