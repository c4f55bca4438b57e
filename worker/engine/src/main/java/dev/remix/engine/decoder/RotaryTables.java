package dev.remix.engine.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Cosine and sine of position times inverse frequency, for each position and pair of a head.
 *
 * <p>The angle is rounded to float32, as it was when the model was trained.
 */
final class RotaryTables {
    private RotaryTables() {}

    /** [kinds, 2, positions, headWidth/2]: of layers that see everything, and, where it differs, of those with a window. */
    static NDArray create(NDManager scope, DecoderConfig config) {
        NDList tables = new NDList(create(scope, config.rotary(), config.positions()));
        if (differs(config)) {
            tables.add(create(scope, config.windowedRotary(), config.positions()));
        }
        return NDArrays.stack(tables);
    }

    /** Which of the tables each layer turns by. */
    static double[] ofLayers(DecoderConfig config) {
        boolean differs = differs(config);
        return config.attention().windows().stream()
                .mapToDouble(window -> differs && window > 0 ? 1 : 0)
                .toArray();
    }

    private static boolean differs(DecoderConfig config) {
        return !config.windowedRotary().equals(config.rotary());
    }

    private static NDArray create(NDManager scope, Rotary rotary, int positions) {
        int half = rotary.inverseFrequencies().size();
        int plane = Math.multiplyExact(positions, half);
        float[] tables = new float[Math.multiplyExact(2, plane)];
        for (int i = 0; i < half; i++) {
            float frequency = rotary.inverseFrequencies().get(i).floatValue();
            for (int p = 0; p < positions; p++) {
                float angle = p * frequency;
                tables[p * half + i] = (float) (Math.cos(angle) * rotary.attentionFactor());
                tables[plane + p * half + i] = (float) (Math.sin(angle) * rotary.attentionFactor());
            }
        }
        return scope.create(tables, new Shape(2, positions, half));
    }
}
