package dev.remix.engine.routing;

/** The first values of streams of noise. */
final class Noises {
    private Noises() {}

    /** Of one draw of a step's first example. */
    static float[] of(GumbelNoise noise, long step, int draw, int count) {
        return of(noise.of(step, draw, 0), count);
    }

    static float[] of(GumbelNoise.Stream stream, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = stream.at(i);
        }
        return values;
    }
}
