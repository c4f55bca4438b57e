package dev.remix.models;

import dev.remix.datasets.Skill;
import dev.remix.engine.train.RunOutcome;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a reader has to know of the model, as its directory's README.
 *
 * @param arguments of the command that made it, empty if it had none
 * @param base accuracy on the skills that it was trained on, 0..1
 * @param heldOut accuracy on those that it was not
 */
record ModelCard(
        long seed,
        String arguments,
        RunOutcome.Finished training,
        Map<Skill, Double> base,
        Map<Skill, Double> heldOut,
        int exercisesPerSkill) {

    String text() {
        return String.format(
                Locale.ROOT,
                """
                # remix-tiny

                The base model of the quick start: small enough to train on two CPU cores while you watch, trained on %d small
                skills in plain language, and unable to do the ten of `datasets/skills`. It is made by this project, from
                nothing, with its own engine.

                - **Architecture**: Llama decoder, 4 layers of width 128, 4 heads, feed-forward of 384, tied embedding, context of
                  256 tokens; 0.89 million parameters, stored in bfloat16.
                - **Tokenizer**: a byte is a token; besides those the control tokens of ChatML and one token for each role's name.
                - **Chat template**: ChatML.
                - **Data**: the corpus of `./remix datasets` (`dev.remix.datasets.Skills.base()`), seed %d, made as it is read and
                  never repeated: %,d tokens in %,d steps. The loss is on answers only.
                - **Command**: `%s`
                - **Training**: loss %.3f at the first step, %.4f over the last tenth; %.0f seconds on two shared cores.
                - **Licence**: Apache-2.0, like the project.

                ## Accuracy

                Exact match of greedy answers on %d fresh exercises of each skill. Learnt skills: mean **%.1f %%**.

                %s
                Held-out skills, before any finetuning: mean **%.1f %%**.

                %s
                ## Limits

                Hardly learnt (under 60 %%): %s.

                It knows nothing but these skills, in these phrasings, with numbers and words of these sizes; it is a fixture for
                trying out finetuning and no assistant. The same command gives the same weights on one machine with one number of
                threads; elsewhere sums may round differently.
                """,
                base.size(),
                seed,
                training.trainedTokens(),
                training.steps(),
                ("./remix pretrain " + arguments).strip(),
                training.lossFirst(),
                training.lossLast(),
                training.trainingSeconds(),
                exercisesPerSkill,
                100 * mean(base),
                rows(base),
                100 * mean(heldOut),
                rows(heldOut),
                weak(base));
    }

    /** Both tables, for the terminal. */
    String table() {
        return "%sbase %.1f %%%n%n%sheld out %.1f %%%n"
                .formatted(rows(base), 100 * mean(base), rows(heldOut), 100 * mean(heldOut));
    }

    private static double mean(Map<Skill, Double> accuracies) {
        return accuracies.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    private static String weak(Map<Skill, Double> accuracies) {
        return accuracies.entrySet().stream()
                .filter(entry -> entry.getValue() < 0.6)
                .map(entry -> "`" + entry.getKey().name() + "`")
                .collect(Collectors.joining(", "));
    }

    private static String rows(Map<Skill, Double> accuracies) {
        return accuracies.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT, "| `%s` | %.1f %% |\n", entry.getKey().name(), 100 * entry.getValue()))
                .collect(Collectors.joining("", "| skill | exact match |\n|---|---|\n", ""));
    }
}
