package dev.remix.engine.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.Adapter.Use;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.generate.Generator;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a model with an adapter says, as a reader of logits and answers sees it. */
record AdaptedModel(Replica replica) {
    private static final int NO_END = -1;

    /** At each position of a sequence that is all prompt: [T, V] flattened. */
    float[] logits(int[] sequence) {
        int[] longer = Arrays.copyOf(sequence, sequence.length + 1);
        float[] weights = new float[longer.length];
        weights[sequence.length] = 1;
        Batch batch = new Batch(List.of(new Example(longer, weights, sequence.length)));
        Decoder decoder = replica.decoder();
        Adapter adapter = replica.adapter();
        try (Script script = Script.load(replica.compute(), "training");
                NDManager scope = replica.compute().scope()) {
            ScriptCall call = decoder.bind(BatchArrays.bind(script.call("logits"), batch, scope));
            return adapter.bind(call, Use.INFERENCE, scope)
                    .with(
                            "noise",
                            scope.zeros(new Shape(1, Math.max(1, adapter.sites().size()), 1, adapter.loras())))
                    .infer(scope)
                    .singletonOrThrow()
                    .toFloatArray();
        }
    }

    /** The most probable token after each position. */
    List<Integer> best(float[] logits) {
        int vocabulary = replica.decoder().config().vocabulary();
        return IntStream.range(0, logits.length / vocabulary)
                .map(t -> IntStream.range(0, vocabulary)
                        .reduce(0, (a, b) -> logits[t * vocabulary + b] > logits[t * vocabulary + a] ? b : a))
                .boxed()
                .toList();
    }

    List<int[]> answers(List<int[]> prompts, int tokens) {
        try (Generator greedy = replica.generator()) {
            return greedy.answer(prompts, tokens, NO_END);
        }
    }
}
