package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.checkpoint.Checkpoint;
import dev.remix.engine.weights.Weight;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Between a trainee's arrays and a checkpoint file. */
final class Checkpoints {
    private Checkpoints() {}

    static Path write(Path directory, Trainee trainee, Progress progress) {
        Path file = directory.resolve("checkpoint-" + progress.step() + ".safetensors");
        List<Weight> tensors = trainee.state().entrySet().stream()
                .map(entry -> weight(entry.getKey(), entry.getValue()))
                .toList();
        new Checkpoint(progress.toJson(), tensors).write(file);
        return file;
    }

    private static Weight weight(String name, NDArray array) {
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new Weight(name, shape, array.toFloatArray());
    }

    /** Fills the trainee's arrays and returns how far the run was. */
    static Progress restore(Path file, Trainee trainee, String run) {
        Checkpoint checkpoint = Checkpoint.read(file);
        Progress progress = Progress.resume(run, checkpoint.progress());
        Map<String, NDArray> state = trainee.state();
        if (checkpoint.tensors().size() != state.size()) {
            throw new EngineException(Kind.STORAGE, "The checkpoint does not hold what this run trains.");
        }
        for (Weight tensor : checkpoint.tensors()) {
            NDArray array = state.get(tensor.name());
            if (array == null || !array.getShape().equals(new Shape(tensor.shape()))) {
                throw new EngineException(
                        Kind.STORAGE, "The checkpoint's " + tensor.name() + " does not fit what this run trains.");
            }
            array.set(FloatBuffer.wrap(tensor.values()));
        }
        trainee.restored();
        return progress;
    }
}
