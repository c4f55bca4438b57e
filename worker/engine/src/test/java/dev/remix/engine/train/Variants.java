package dev.remix.engine.train;

import dev.remix.engine.train.RunSpec.Execution;
import dev.remix.engine.train.RunSpec.Options;
import dev.remix.engine.train.RunSpec.Precision;
import dev.remix.engine.train.RunSpec.Stopping;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A specification that differs from another in one thing. */
final class Variants {
    static final int EVALUATED_EVERY = 2;
    private static final int WRITTEN_EVERY = 3;

    private Variants() {}

    static RunSpec computed(RunSpec spec, Execution execution) {
        Options options = spec.options();
        return with(
                spec, options(options, options.maxGradientNorm(), options.precision(), execution, options.stopping()));
    }

    static RunSpec inBfloat16(RunSpec spec) {
        Options options = spec.options();
        return with(
                spec,
                options(options, options.maxGradientNorm(), Precision.BF16, options.execution(), options.stopping()));
    }

    static RunSpec clippedAt(RunSpec spec, double norm) {
        Options options = spec.options();
        return with(spec, options(options, norm, options.precision(), options.execution(), options.stopping()));
    }

    /** Evaluated on the validation file, and written, every few steps. */
    static RunSpec stopping(RunSpec spec, @Nullable Path validation, Stopping stopping) {
        Options options = spec.options();
        return new RunSpec(
                spec.modelDirectory(),
                spec.training(),
                validation,
                spec.test(),
                spec.seed(),
                spec.adapter(),
                options(
                        options,
                        options.maxGradientNorm(),
                        options.precision(),
                        options.execution(),
                        stopping,
                        WRITTEN_EVERY,
                        EVALUATED_EVERY));
    }

    private static RunSpec with(RunSpec spec, Options options) {
        return new RunSpec(
                spec.modelDirectory(),
                spec.training(),
                spec.validation(),
                spec.test(),
                spec.seed(),
                spec.adapter(),
                options);
    }

    private static Options options(
            Options options, double maxNorm, Precision precision, Execution execution, Stopping stopping) {
        return options(
                options,
                maxNorm,
                precision,
                execution,
                stopping,
                options.checkpointEverySteps(),
                options.evaluateEverySteps());
    }

    private static Options options(
            Options options,
            double maxNorm,
            Precision precision,
            Execution execution,
            Stopping stopping,
            int checkpointEvery,
            int evaluateEvery) {
        return new Options(
                options.epochs(),
                options.maxSteps(),
                options.batchSize(),
                options.learningRate(),
                options.schedule(),
                options.warmupRatio(),
                options.weightDecay(),
                maxNorm,
                options.maxSequenceLength(),
                precision,
                checkpointEvery,
                evaluateEvery,
                options.maxNewTokens(),
                execution,
                stopping);
    }
}
