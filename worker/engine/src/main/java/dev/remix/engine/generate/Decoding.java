package dev.remix.engine.generate;

import java.util.List;
import java.util.stream.IntStream;

/** The answers of one batch of prompts, token by token. */
final class Decoding {
    private final CachedBatch batch;
    private final List<Integer> places;
    private final List<Answer> answers;
    private final Sampling sampling;
    private final GenerationListener listener;

    /**
     * @param places of the batch's prompts in the call
     * @param answers to the batch's prompts
     */
    Decoding(
            CachedBatch batch,
            List<Integer> places,
            List<Answer> answers,
            Sampling sampling,
            GenerationListener listener) {
        this.batch = batch;
        this.places = places;
        this.answers = answers;
        this.sampling = sampling;
        this.listener = listener;
    }

    /** @param stride tokens of each answer that are made before anybody looks at them */
    void run(int newTokens, int stride) {
        if (open().isEmpty()) {
            return;
        }
        take(batch.read(uniforms(0, 1)));
        List<Integer> open = open();
        for (int made = 1; made < newTokens && !open.isEmpty(); made += stride) {
            // What has ended is not carried along for long.
            if (2 * open.size() <= batch.rows().size()) {
                batch.keep(open);
            }
            take(batch.extend(uniforms(made, Math.min(stride, newTokens - made)), ended()));
            open = open();
        }
    }

    /** Rows whose answer goes on. */
    private List<Integer> open() {
        if (listener.isCancelled()) {
            answers.forEach(Answer::cancel);
        }
        return IntStream.range(0, batch.rows().size())
                .filter(index -> !ofRow(index).hasEnded())
                .boxed()
                .toList();
    }

    private Answer ofRow(int index) {
        return answers.get(batch.rows().get(index));
    }

    private void take(long[][] tokensOfRows) {
        for (int index = 0; index < tokensOfRows.length; index++) {
            for (long token : tokensOfRows[index]) {
                ofRow(index).add(Math.toIntExact(token));
            }
        }
    }

    private boolean[] ended() {
        boolean[] ended = new boolean[batch.rows().size()];
        for (int index = 0; index < ended.length; index++) {
            ended[index] = ofRow(index).hasEnded();
        }
        return ended;
    }

    /** Of each row in turn the next tokens'. */
    private double[] uniforms(int made, int steps) {
        return batch.rows().stream()
                .flatMapToDouble(row ->
                        IntStream.range(made, made + steps).mapToDouble(at -> sampling.uniform(places.get(row), at)))
                .toArray();
    }
}
