package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.GreedyDecoder;
import dev.remix.engine.script.Script;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Options;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every weight of a decoder; norms are not decayed. */
final class FullTrainee implements Trainee {
    private final Compute compute;
    private final Decoder decoder;
    private final Options options;
    private final Script script;
    private final NDManager scope;
    private final Moments matrixMoments;
    private final Moments normMoments;

    /** Takes the decoder over and closes it. */
    FullTrainee(Compute compute, Decoder decoder, Options options) {
        this.compute = compute;
        this.decoder = decoder;
        this.options = options;
        this.script = Script.load(compute, "full");
        this.scope = compute.scope();
        this.matrixMoments = Moments.zeros(decoder.matrices(), scope);
        this.normMoments = Moments.zeros(decoder.norms(), scope);
    }

    @Override
    public StepFigures step(StepInputs inputs) {
        try (NDManager step = compute.scope()) {
            NDArray rates = step.create(
                    new double[] {inputs.learningRate(), options.weightDecay(), options.maxGradientNorm(), inputs.step()
                    });
            var call = BatchArrays.of(inputs.batch(), step).bind(script.call("step"));
            double[] figures = decoder.bind(call)
                    .with("rates", rates)
                    .with("matrix_means", matrixMoments.means())
                    .with("matrix_squares", matrixMoments.squares())
                    .with("norm_means", normMoments.means())
                    .with("norm_squares", normMoments.squares())
                    .run(step)
                    .singletonOrThrow()
                    .toDoubleArray();
            return new StepFigures(figures[0], figures[1], null, null, List.of());
        }
    }

    @Override
    public double[] losses(Batch batch) {
        try (NDManager step = compute.scope()) {
            var call = BatchArrays.of(batch, step).bind(script.call("evaluate"));
            return decoder.bind(call).infer(step).singletonOrThrow().toDoubleArray();
        }
    }

    @Override
    public GreedyDecoder generator() {
        return GreedyDecoder.of(compute, decoder);
    }

    @Override
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        matrixMoments.name("matrices", decoder.matrices(), state);
        normMoments.name("norms", decoder.norms(), state);
        return state;
    }

    @Override
    public void save(Path directory, String baseModel) {
        decoder.save(directory);
    }

    @Override
    public void close() {
        scope.close();
        script.close();
        decoder.close();
    }
}
