package dev.remix.engine.generate;

import dev.remix.engine.text.Chat;
import dev.remix.engine.text.ChatTokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Held-out questions answered greedily; an answer is right when it is the expected text, blanks at its ends aside.
 *
 * @param answers one for each question, in order
 */
public record ExactMatch(List<Answer> answers) {
    public ExactMatch {
        answers = List.copyOf(answers);
    }

    /** A question's last user turn, what was expected and what came. */
    public record Answer(String prompt, String expected, String answer) {
        public boolean isRight() {
            return answer.strip().equals(expected.strip());
        }
    }

    /** Lets a model answer every chat's last question. */
    public static ExactMatch of(Generator decoder, ChatTokenizer tokenizer, List<Chat> chats, int maxNewTokens) {
        List<int[]> prompts =
                chats.stream().map(chat -> tokenizer.prompt(chat.question())).toList();
        List<int[]> generated = decoder.answer(prompts, maxNewTokens, tokenizer.endOfTurn());
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < chats.size(); i++) {
            Chat chat = chats.get(i);
            String prompt =
                    chat.question().isEmpty() ? "" : chat.question().getLast().content();
            answers.add(new Answer(prompt, chat.answer(), tokenizer.decode(generated.get(i))));
        }
        return new ExactMatch(answers);
    }

    /** Share of the answers that are right, 0..1. */
    public double share() {
        return answers.stream().filter(Answer::isRight).count() / (double) answers.size();
    }
}
