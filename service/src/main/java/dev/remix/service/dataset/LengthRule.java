package dev.remix.service.dataset;

import dev.remix.service.Problem;
import dev.remix.service.model.BaseModel;
import dev.remix.service.model.Turn;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An example is too long for the service when no installed model can take it. The service has no tokenizer, so it counts
 * the fewest tokens that can make up the example ({@link BaseModel#cannotHold}): what it refuses is certainly too long.
 * What only the tokenizer itself can tell, the worker refuses, naming the line.
 */
final class LengthRule {
    private final List<BaseModel> models;

    LengthRule(List<BaseModel> models) {
        this.models = models.stream()
                .sorted(Comparator.comparingInt(BaseModel::contextLength).reversed())
                .toList();
    }

    Optional<Problem> check(long line, List<Turn> turns) {
        if (models.isEmpty() || !models.stream().allMatch(model -> model.cannotHold(turns, model.contextLength()))) {
            return Optional.empty();
        }
        BaseModel largest = models.getFirst();
        return Optional.of(tooLong(line, largest, largest.contextLength()));
    }

    static Problem tooLong(long line, BaseModel model, int maxTokens) {
        return new Problem(
                line,
                "/messages",
                "example_too_long",
                "The example has more than " + maxTokens + " tokens of " + model.id() + ", which is all that fits.");
    }
}
