package dev.remix.engine.text;

import dev.remix.engine.text.Message.Role;
import java.util.List;

/**
 * Mistral's: {@code <s>[INST] question [/INST] answer</s>} with blanks that differ between its versions.
 */
record MistralTemplate(String beginning, String end, Format format) implements ChatTemplate {

    MistralTemplate(BoundaryTokens tokens, Format format) {
        this(tokens.beginning(), tokens.end(), format);
    }

    /** Where a system message goes: before a question and an empty line. */
    enum SystemPlace {
        REFUSED,
        FIRST_QUESTION,
        LAST_QUESTION
    }

    /** What stands around questions and answers. */
    record Format(
            SystemPlace system,
            String beforeQuestion,
            String openQuestion,
            String closeQuestion,
            String openAnswer,
            boolean strippedAnswer,
            String afterAnswer) {

        /** Mixtral 8x7B Instruct. */
        static final Format FIRST = new Format(SystemPlace.REFUSED, "", " ", " ", "", false, "");

        /** Mistral 7B Instruct 0.1 as it was first published. */
        static final Format FIRST_SPACED = new Format(SystemPlace.REFUSED, "", " ", " ", "", false, " ");

        /** Mistral 7B Instruct 0.1 and 0.2. */
        static final Format FIRST_WITH_SYSTEM = new Format(SystemPlace.FIRST_QUESTION, " ", " ", " ", " ", false, "");

        /** Mistral 7B Instruct 0.3. */
        static final Format THIRD = new Format(SystemPlace.LAST_QUESTION, "", " ", "", " ", true, "");

        /** Mistral Nemo. */
        static final Format NEMO = new Format(SystemPlace.LAST_QUESTION, "", "", "", "", false, "");
    }

    @Override
    public List<Piece> render(List<Message> messages, boolean answerFollows) {
        Conversation conversation = Conversation.of(messages);
        if (format.system() == SystemPlace.REFUSED) {
            conversation.withoutSystem("Mistral");
        }
        Pieces pieces = new Pieces().control(beginning);
        List<Message> turns = conversation.alternating("Mistral").turns();
        for (int i = 0; i < turns.size(); i++) {
            Message message = turns.get(i);
            if (message.role() == Role.USER) {
                question(pieces, conversation, i);
            } else {
                answer(pieces, message);
            }
        }
        return pieces.toList();
    }

    private void question(Pieces pieces, Conversation conversation, int turn) {
        int systemTurn = format.system() == SystemPlace.FIRST_QUESTION ? 0 : conversation.lastQuestion();
        String system = turn == systemTurn
                ? conversation.system().map(text -> text + "\n\n").orElse("")
                : "";
        pieces.text(format.beforeQuestion())
                .marker("[INST]")
                .text(format.openQuestion()
                        + system
                        + conversation.turns().get(turn).content()
                        + format.closeQuestion())
                .marker("[/INST]");
    }

    private void answer(Pieces pieces, Message message) {
        String content = format.strippedAnswer() ? Blanks.strip(message.content()) : message.content();
        pieces.answer(message, format.openAnswer() + content, end).text(format.afterAnswer());
    }

    @Override
    public String endOfTurn() {
        return end;
    }
}
