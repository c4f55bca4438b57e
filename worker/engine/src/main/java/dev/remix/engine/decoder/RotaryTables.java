package dev.remix.engine.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Cosine and sine of position p times theta^(-2i/width), for the rotation of pair i of a head (arXiv 2104.09864). */
final class RotaryTables {
    private RotaryTables() {}

    /** [2, positions, headWidth/2] */
    static NDArray create(NDManager scope, DecoderConfig config) {
        int half = config.headWidth() / 2;
        int plane = config.positions() * half;
        float[] tables = new float[2 * plane];
        for (int p = 0; p < config.positions(); p++) {
            for (int i = 0; i < half; i++) {
                double angle = p * Math.pow(config.ropeTheta(), -2.0 * i / config.headWidth());
                tables[p * half + i] = (float) Math.cos(angle);
                tables[plane + p * half + i] = (float) Math.sin(angle);
            }
        }
        return scope.create(tables, new Shape(2, config.positions(), half));
    }
}
