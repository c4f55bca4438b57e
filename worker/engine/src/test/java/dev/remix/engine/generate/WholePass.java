package dev.remix.engine.generate;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.device.HostArrays;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The next token without any cache: everything computed anew, by the functions that training uses. */
final class WholePass implements AutoCloseable {
    private final Compute compute;
    private final Decoder decoder;
    private final Adapter adapter;
    private final Script script;

    WholePass(Compute compute, Decoder decoder, Adapter adapter) {
        this.compute = compute;
        this.decoder = decoder;
        this.adapter = adapter;
        this.script = Script.load(compute, "training");
    }

    /** The most probable answer of some tokens. */
    List<Integer> answer(int[] prompt, int newTokens) {
        int[] tokens = Arrays.copyOf(prompt, prompt.length + newTokens);
        for (int t = prompt.length; t < tokens.length; t++) {
            float[] logits = logits(Arrays.copyOf(tokens, t), prompt.length);
            tokens[t] = IntStream.range(0, logits.length)
                    .reduce((best, i) -> logits[i] > logits[best] ? i : best)
                    .orElseThrow();
        }
        return Arrays.stream(tokens, prompt.length, tokens.length).boxed().toList();
    }

    /** Logits behind the last of the tokens, of which some are the prompt. */
    float[] logits(int[] tokens, int prompt) {
        // A position is read where the next token is predicted, so one more has to follow.
        int[] oneMore = Arrays.copyOf(tokens, tokens.length + 1);
        float[] weights = new float[oneMore.length];
        weights[tokens.length] = 1;
        Batch batch = new Batch(List.of(new Example(oneMore, weights, prompt)));
        try (NDManager scope = compute.scope()) {
            ScriptCall call = script.call("logits")
                    .with("tokens", scope.create(batch.tokens()))
                    .with("labels", scope.create(batch.labels()))
                    .with("positions", scope.create(batch.places()))
                    .with("example", scope.create(batch.exampleIndices()))
                    .with("weights", scope.create(batch.weights()))
                    .with("prompt", scope.create(batch.promptShares()))
                    .with("rows", scope.create(batch.rows()))
                    .with("groups", HostArrays.of(scope, batch.groups()));
            Shape silence = new Shape(1, Math.max(1, adapter.sites().size()), 1, adapter.loras());
            float[] logits = adapter.bind(decoder.bind(call), Use.INFERENCE, scope)
                    .with("noise", scope.zeros(silence))
                    .infer(scope)
                    .singletonOrThrow()
                    .toFloatArray();
            int vocabulary = decoder.config().vocabulary();
            return Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length);
        }
    }

    @Override
    public void close() {
        script.close();
    }
}
