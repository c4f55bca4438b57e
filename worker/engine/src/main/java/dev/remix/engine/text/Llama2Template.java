package dev.remix.engine.text;

import dev.remix.engine.text.Message.Role;
import java.util.List;

/** Llama 2: {@code <s>[INST] question [/INST] answer </s>}, the system message in angle brackets within the first question. */
record Llama2Template(String beginning, String end) implements ChatTemplate {

    @Override
    public List<Piece> render(List<Message> messages, boolean answerFollows) {
        Pieces pieces = new Pieces();
        Conversation conversation = Conversation.of(messages).alternating("Llama 2");
        String prefix = conversation
                .system()
                .map(system -> "<<SYS>>\n" + system + "\n<</SYS>>\n\n")
                .orElse("");
        for (Message message : conversation.turns()) {
            if (message.role() == Role.USER) {
                String content = Blanks.strip(prefix + message.content());
                pieces.control(beginning)
                        .marker("[INST]")
                        .text(" " + content + " ")
                        .marker("[/INST]");
                prefix = "";
            } else {
                pieces.answer(message, " " + Blanks.strip(message.content()) + " ", end);
            }
        }
        return pieces.toList();
    }

    @Override
    public String endOfTurn() {
        return end;
    }
}
