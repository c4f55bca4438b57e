package dev.remix.engine.text;

import dev.remix.engine.text.Message.Role;
import java.util.List;

/**
 * Qwen 3: ChatML in which an answer to the last question begins with what the model thought, be it nothing. Thoughts stand in
 * the content itself, between {@code <think>} and {@code </think>}; those of earlier answers are left out.
 */
final class Qwen3Template implements ChatTemplate {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    @Override
    public List<Piece> render(List<Message> messages, boolean answerFollows) {
        Pieces pieces = new Pieces();
        int question = lastQuestion(messages);
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            boolean last = i == messages.size() - 1;
            String content =
                    message.role() == Role.ASSISTANT ? said(message.content(), i > question, last) : message.content();
            ChatMlTemplate.turn(pieces, message, content);
        }
        if (answerFollows) {
            ChatMlTemplate.answerHead(pieces);
        }
        return pieces.toList();
    }

    private static int lastQuestion(List<Message> messages) {
        int last = messages.size() - 1;
        while (last >= 0 && !isQuestion(messages.get(last))) {
            last--;
        }
        return last < 0 ? messages.size() - 1 : last;
    }

    /** A tool's answer comes in the user's name. */
    private static boolean isQuestion(Message message) {
        String content = message.content();
        return message.role() == Role.USER
                && !(content.startsWith("<tool_response>") && content.endsWith("</tool_response>"));
    }

    private String said(String content, boolean afterQuestion, boolean last) {
        String thoughts = thoughts(content);
        String answer = answer(content);
        return afterQuestion && (last || !thoughts.isEmpty())
                ? OPEN + "\n" + Blanks.stripTrailingLineFeeds(thoughts) + "\n" + CLOSE + "\n\n"
                        + Blanks.stripLeadingLineFeeds(answer)
                : answer;
    }

    private static String thoughts(String content) {
        int close = content.indexOf(CLOSE);
        if (close < 0) {
            return "";
        }
        String before = Blanks.stripTrailingLineFeeds(content.substring(0, close));
        int open = before.lastIndexOf(OPEN);
        return Blanks.stripLeadingLineFeeds(open < 0 ? before : before.substring(open + OPEN.length()));
    }

    @Override
    public String answer(String generated) {
        int close = generated.lastIndexOf(CLOSE);
        return close < 0 ? generated : Blanks.stripLeadingLineFeeds(generated.substring(close + CLOSE.length()));
    }

    @Override
    public String endOfTurn() {
        return "<|im_end|>";
    }
}
