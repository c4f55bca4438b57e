package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.generate.GreedyDecoder;
import dev.remix.engine.script.Script;
import dev.remix.engine.script.ScriptCall;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Options;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One LoRA on each target of a frozen decoder. */
final class LoraTrainee implements Trainee {
    private final Compute compute;
    private final Decoder decoder;
    private final Adapter adapter;
    private final Options options;
    private final Script script;
    private final NDManager scope;
    private final Moments moments;

    /** Takes decoder and adapter over and closes them. */
    LoraTrainee(Compute compute, Decoder decoder, Adapter adapter, Options options) {
        this.compute = compute;
        this.decoder = decoder;
        this.adapter = adapter;
        this.options = options;
        this.script = Script.load(compute, "adapter");
        this.scope = compute.scope();
        this.moments = Moments.zeros(adapter.factors(), scope);
    }

    @Override
    public StepFigures step(StepInputs inputs) {
        try (NDManager step = compute.scope()) {
            NDArray rates = step.create(
                    new double[] {inputs.learningRate(), options.weightDecay(), options.maxGradientNorm(), inputs.step()
                    });
            double[] figures = bind("plain_step", inputs.batch(), step)
                    .with("rates", rates)
                    .with("factor_means", moments.means())
                    .with("factor_squares", moments.squares())
                    .run(step)
                    .singletonOrThrow()
                    .toDoubleArray();
            return new StepFigures(figures[0], figures[1], null, null, List.of());
        }
    }

    @Override
    public double[] losses(Batch batch) {
        try (NDManager step = compute.scope()) {
            return bind("plain_evaluate", batch, step)
                    .infer(step)
                    .singletonOrThrow()
                    .toDoubleArray();
        }
    }

    private ScriptCall bind(String method, Batch batch, NDManager step) {
        return adapter.bind(decoder.bind(BatchArrays.of(batch, step).bind(script.call(method))));
    }

    @Override
    public GreedyDecoder generator() {
        return GreedyDecoder.of(compute, decoder, adapter);
    }

    @Override
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        moments.name("factors", adapter.factors(), state);
        return state;
    }

    @Override
    public void save(Path directory, String baseModel) {
        adapter.save(directory, baseModel);
    }

    @Override
    public void close() {
        scope.close();
        script.close();
        adapter.close();
        decoder.close();
    }
}
