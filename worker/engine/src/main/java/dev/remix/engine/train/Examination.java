package dev.remix.engine.train;

import dev.remix.engine.generate.ExactMatch;
import dev.remix.engine.generate.ExactMatch.Answer;
import dev.remix.engine.generate.Generator;
import dev.remix.engine.text.Chat;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.train.RunOutcome.Sample;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The held-out test: what the model loses on the examples, how many of their questions it answers exactly, and some of the
 * answers to show.
 */
final class Examination {
    private static final int SAMPLES = 6;

    private final LossEvaluation loss;
    private final List<Chat> chats;
    private final ChatTokenizer tokenizer;
    private final int maxNewTokens;

    Examination(LossEvaluation loss, List<Chat> chats, ChatTokenizer tokenizer, int maxNewTokens) {
        this.loss = loss;
        this.chats = List.copyOf(chats);
        this.tokenizer = tokenizer;
        this.maxNewTokens = maxNewTokens;
    }

    /** @param shown answers to the questions that become samples */
    record Result(EvaluationReport report, List<Answer> shown) {}

    Result of(Trainee trainee, int step) {
        EvaluationReport report = loss.report(trainee, step);
        try (Generator decoder = trainee.generator()) {
            ExactMatch match = ExactMatch.of(decoder, tokenizer, chats, maxNewTokens);
            EvaluationReport withAnswers =
                    new EvaluationReport(step, report.split(), report.loss(), match.share(), report.examples());
            return new Result(withAnswers, shown(match.answers()));
        }
    }

    /** Evenly spread over the file, and chosen by nothing else. */
    private static List<Answer> shown(List<Answer> answers) {
        int count = Math.min(SAMPLES, answers.size());
        return IntStream.range(0, count)
                .mapToObj(i -> answers.get((int) ((long) i * answers.size() / count)))
                .toList();
    }

    static List<Sample> samples(List<String> before, List<Answer> after) {
        return IntStream.range(0, after.size())
                .mapToObj(i -> new Sample(
                        after.get(i).prompt(),
                        after.get(i).expected(),
                        before.get(i),
                        after.get(i).answer()))
                .toList();
    }

    LossEvaluation loss() {
        return loss;
    }
}
