package dev.remix.engine.generate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.decoder.DecoderConfig.Activation;
import dev.remix.engine.decoder.DecoderConfig.Attention;
import dev.remix.engine.decoder.DecoderConfig.FeedForward;
import dev.remix.engine.device.Compute;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Decoders whose answers are as good as random, and adapters that are far from the identity, as trained ones are. */
final class SmallModels {
    static final int VOCABULARY = 50;

    /** Fewer key heads than heads. */
    static final DecoderConfig PLAIN = new DecoderConfig(VOCABULARY, 32, 48, 3, 4, 2, 8, 40, 1e-5, 10_000, false);

    /** Windows shorter than the prompts and norms of queries and keys. */
    static final DecoderConfig WINDOWS = with(new Attention(false, false, true, 0, 0, List.of(4, 0, 6)));

    /** Soft-capped scores, beside windows. */
    static final DecoderConfig CAPPED = with(new Attention(true, false, false, 0, 2, List.of(5, 0, 5)));

    private static final Set<Target> ALL = EnumSet.allOf(Target.class);

    private SmallModels() {}

    private static DecoderConfig with(Attention attention) {
        return new DecoderConfig(
                VOCABULARY,
                32,
                48,
                3,
                4,
                2,
                8,
                40,
                1e-5,
                false,
                attention,
                new FeedForward(Activation.SILU, false),
                PLAIN.rotary(),
                PLAIN.windowedRotary(),
                false,
                false,
                1,
                0);
    }

    /** Every kind, at both granularities where there are two, by name. */
    static Map<String, AdapterSpec> adapters() {
        Map<String, AdapterSpec> specs = new LinkedHashMap<>();
        specs.put("none", new AdapterSpec.FullParameters());
        specs.put("lora", new AdapterSpec.Lora(factors(Scaling.LORA)));
        specs.put("rslora", new AdapterSpec.Lora(factors(Scaling.RSLORA)));
        specs.put("dora", new AdapterSpec.Lora(factors(Scaling.LORA), true));
        for (Routing routing : Routing.values()) {
            Pool shared = new Pool(5, routing, Routers.BLOCK, 1);
            Pool each = new Pool(4, routing, Routers.PROJECTION, 1);
            specs.put("remix " + routing, remix(shared));
            specs.put("remix with a router each " + routing, remix(each));
            specs.put("mixlora " + routing, new AdapterSpec.MixLora(factors(Scaling.LORA), shared, 2, 0.01));
            specs.put("hydralora " + routing, new AdapterSpec.HydraLora(factors(Scaling.LORA), shared));
            specs.put("softmix " + routing, new AdapterSpec.SoftMix(factors(Scaling.LORA), each));
        }
        return specs;
    }

    static AdapterSpec remix(Pool pool) {
        return new AdapterSpec.Remix(factors(Scaling.RSLORA), pool, 2, new Reinforce(2));
    }

    private static Factors factors(Scaling scaling) {
        return new Factors(3, 8, scaling, ALL);
    }

    static Adapter adapter(Compute compute, Decoder decoder, AdapterSpec spec) {
        if (spec instanceof AdapterSpec.FullParameters) {
            return Adapter.none(compute, decoder);
        }
        Random random = new Random(5);
        NDManager scope = compute.scope();
        try (Adapter shapes = Adapter.initialise(compute, decoder, spec, 1)) {
            return new Adapter(
                    compute,
                    spec,
                    decoder,
                    scope,
                    like(shapes.factors(), scope, random),
                    like(shapes.routers(), scope, random));
        }
    }

    private static List<NDArray> like(List<NDArray> arrays, NDManager scope, Random random) {
        return arrays.stream()
                .map(array -> {
                    float[] values = new float[Math.toIntExact(array.size())];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (0.15 * random.nextGaussian());
                    }
                    return scope.create(values, new Shape(array.getShape().getShape()));
                })
                .toList();
    }

    /** Of four lengths, so that they come back in order only if somebody sees to it. */
    static List<int[]> prompts(int count) {
        Random random = new Random(7);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(9 - 2 * (i % 4), 0, VOCABULARY).toArray())
                .toList();
    }

    static String letters(int[] tokens) {
        StringBuilder text = new StringBuilder();
        Arrays.stream(tokens).forEach(token -> text.append((char) ('A' + token)));
        return text.toString();
    }
}
