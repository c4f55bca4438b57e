package dev.remix.engine.text;

import dev.remix.engine.text.Message.Role;
import java.util.List;

/**
 * Gemma: {@code <start_of_turn>user\ncontent<end_of_turn>\n}, the assistant called model.
 *
 * @param systemInQuestion whether a system message stands before the first question, as in Gemma 3, or is refused
 */
record GemmaTemplate(String beginning, boolean systemInQuestion) implements ChatTemplate {
    private static final String START = "<start_of_turn>";
    private static final String END = "<end_of_turn>";

    @Override
    public List<Piece> render(List<Message> messages, boolean answerFollows) {
        Conversation conversation = Conversation.of(messages).alternating("Gemma");
        if (!systemInQuestion) {
            conversation.withoutSystem("Gemma");
        }
        Pieces pieces = new Pieces().control(beginning);
        String prefix = conversation.system().map(system -> system + "\n\n").orElse("");
        for (Message message : conversation.turns()) {
            String content = prefix + Blanks.strip(message.content());
            prefix = "";
            if (message.role() == Role.USER) {
                pieces.control(START).text("user\n" + content).control(END);
            } else {
                pieces.control(START).text("model\n").answer(message, content, END);
            }
            pieces.text("\n");
        }
        return (answerFollows ? pieces.control(START).text("model\n") : pieces).toList();
    }

    @Override
    public String endOfTurn() {
        return END;
    }
}
