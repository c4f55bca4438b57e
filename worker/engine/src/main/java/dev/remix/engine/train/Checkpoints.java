package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.checkpoint.Checkpoint;
import dev.remix.engine.checkpoint.CheckpointFiles;
import dev.remix.engine.weights.Weight;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Between a trainee's arrays and checkpoint files. Where the best evaluated state is to be kept, its parameters lie in a file of
 * their own from one evaluation to the next, and in every checkpoint: a run goes on with nothing but the newest one.
 */
final class Checkpoints {
    private static final String BEST = "best.";

    private final Path directory;
    private final Path best;
    private final Trainee trainee;

    Checkpoints(Path directory, Trainee trainee) {
        this.directory = directory;
        this.best = directory.resolve("best.safetensors");
        this.trainee = trainee;
    }

    Path write(Progress progress, boolean withBest) {
        Path file = CheckpointFiles.at(directory, progress.step());
        List<Weight> tensors = new ArrayList<>(weights(trainee.state()));
        if (withBest) {
            Checkpoint.read(best).tensors().stream()
                    .map(tensor -> new Weight(BEST + tensor.name(), tensor.shape(), tensor.values()))
                    .forEach(tensors::add);
        }
        new Checkpoint(progress.toJson(), tensors).write(file);
        return file;
    }

    /** The parameters as they are become those to take the result from. */
    void keepBest() {
        new Checkpoint("", weights(trainee.parameters())).write(best);
    }

    /** Fills the parameters with those that were kept. */
    void takeBest() {
        fill(Checkpoint.read(best).tensors(), trainee.parameters());
        trainee.restored();
    }

    private static List<Weight> weights(Map<String, NDArray> arrays) {
        return arrays.entrySet().stream()
                .map(entry -> weight(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Weight weight(String name, NDArray array) {
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new Weight(name, shape, array.toFloatArray());
    }

    /** Fills the trainee's arrays and returns how far the run was. */
    Progress restore(Checkpoint checkpoint, String run) {
        Progress progress = Progress.resume(run, checkpoint.progress());
        fill(checkpoint.tensors().stream().filter(tensor -> !ofBest(tensor)).toList(), trainee.state());
        trainee.restored();
        List<Weight> kept = checkpoint.tensors().stream()
                .filter(Checkpoints::ofBest)
                .map(tensor -> new Weight(tensor.name().substring(BEST.length()), tensor.shape(), tensor.values()))
                .toList();
        if (!kept.isEmpty()) {
            new Checkpoint("", kept).write(best);
        }
        return progress;
    }

    private static boolean ofBest(Weight tensor) {
        return tensor.name().startsWith(BEST);
    }

    private static void fill(List<Weight> tensors, Map<String, NDArray> arrays) {
        if (tensors.size() != arrays.size()) {
            throw new EngineException(Kind.STORAGE, "The checkpoint does not hold what this run trains.");
        }
        for (Weight tensor : tensors) {
            NDArray array = arrays.get(tensor.name());
            if (array == null || !array.getShape().equals(new Shape(tensor.shape()))) {
                throw new EngineException(
                        Kind.STORAGE, "The checkpoint's " + tensor.name() + " does not fit what this run trains.");
            }
            array.set(FloatBuffer.wrap(tensor.values()));
        }
    }
}
