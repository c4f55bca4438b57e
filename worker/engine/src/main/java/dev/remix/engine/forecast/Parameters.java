package dev.remix.engine.forecast;

import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;

/**
 * Numbers of a model and of what is trained beside it, or of it.
 *
 * @param matrices of the base
 * @param vectors gains and biases of the base
 * @param trained A, B, magnitudes and routers; or the whole base
 */
public record Parameters(long matrices, long vectors, long trained) {
    static Parameters of(Setting setting) {
        Projections widths = new Projections(setting.config());
        long matrices = matrices(widths);
        long vectors = vectors(widths);
        long trained = setting.everything() ? matrices + vectors : trained(widths, Pooling.of(setting.adapter()));
        return new Parameters(matrices, vectors, trained);
    }

    public long base() {
        return matrices + vectors;
    }

    private static long matrices(Projections widths) {
        DecoderConfig config = widths.config();
        long layer = widths.parameters(true) + widths.parameters(false);
        return config.layers() * layer + (config.tied() ? 1 : 2) * widths.vocabulary();
    }

    private static long vectors(Projections widths) {
        DecoderConfig config = widths.config();
        long gains = (config.postNorms() ? 4L : 2L) * config.hidden();
        long ofHeads = config.attention().queryKeyNorm() ? 2L * config.headWidth() : 0;
        long ofQueries = config.attention().queryKeyValueBias() ? widths.queries() + 2 * widths.keys() : 0;
        long ofOutput = config.attention().outputBias() ? config.hidden() : 0;
        long inner = config.feedForward().bias() ? 2L * config.inner() + config.hidden() : 0;
        return config.layers() * (gains + ofHeads + ofQueries + ofOutput + inner) + config.hidden();
    }

    private static long trained(Projections widths, Pooling pooling) {
        long layer = 0;
        for (Target target : Target.values()) {
            layer += pooling.on(target) ? adapter(widths, pooling, target) : 0;
            layer += pooling.asks(target) ? pooling.loras() * widths.inputs(target) : 0;
        }
        return widths.config().layers() * layer;
    }

    static long adapter(Projections widths, Pooling pooling, Target target) {
        long magnitude = pooling.magnitude() ? widths.outputs(target) : 0;
        return pooling.rowsOfA() * widths.inputs(target) + pooling.columnsOfB() * widths.outputs(target) + magnitude;
    }
}
