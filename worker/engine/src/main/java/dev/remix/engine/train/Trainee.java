package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import dev.remix.engine.generate.GreedyDecoder;
import dev.remix.engine.text.Batch;
import java.nio.file.Path;
import java.util.Map;

/** A model with what is being trained of it. */
interface Trainee extends AutoCloseable {
    /** Forward, gradient and update; the parameters change in place. */
    StepFigures step(StepInputs inputs);

    /** Sum of each example's token losses, nats, [B]. */
    double[] losses(Batch batch);

    /** Greedy answers of the model as it stands; whoever asks closes it. */
    GreedyDecoder generator();

    /** Every array that a resumed run has to find again, by name: parameters and moments. */
    Map<String, NDArray> state();

    /** Writes the result of the training. */
    void save(Path directory, String baseModel);

    @Override
    void close();
}
