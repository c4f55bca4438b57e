package dev.remix.engine.device;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The device that a run computes on.
 *
 * <p>Native memory is owned by scopes, which the garbage collector knows nothing of: one for the run, one for each step
 * inside it, each in a try-with-resources. What has to outlive a scope is moved to the outer one by {@code attach}.
 */
public final class Compute implements AutoCloseable {
    private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

    private final NDManager root;

    private Compute(Device device) {
        this.root = NDManager.newBaseManager(device, "PyTorch");
    }

    /** The first GPU where there is one, or else the CPU with as many threads as {@code ai.djl.pytorch.num_threads} says. */
    public static Compute choose() {
        return new Compute(gpuPresent() ? Device.gpu() : Device.cpu());
    }

    public static boolean gpuPresent() {
        return Engine.getEngine("PyTorch").getGpuCount() > 0;
    }

    /** As many GPUs where there are any, or else that many parts of the CPU's work. */
    public static List<Compute> several(int count) {
        int gpus = Engine.getEngine("PyTorch").getGpuCount();
        if (gpus > 0 && count > gpus) {
            throw new EngineException(
                    Kind.INVALID_SPEC, "replicas is %d; this machine has %d GPUs.".formatted(count, gpus));
        }
        return IntStream.range(0, count)
                .mapToObj(i -> new Compute(gpus > 0 ? Device.gpu(i) : Device.cpu()))
                .toList();
    }

    public static Compute cpu() {
        return new Compute(Device.cpu());
    }

    /**
     * Gradients on, script optimiser off: both are settings of a thread. The optimiser would recompile for each new shape,
     * and batches change shape at almost every step.
     */
    public static void prepareThread() {
        if (!PREPARED.get()) {
            Engine.getEngine("PyTorch");
            JniUtils.setGradMode(true);
            JniUtils.setGraphExecutorOptimize(false);
            PREPARED.set(true);
        }
    }

    /**
     * What {@code action} gives with gradients off on this thread. The engine's own inference mode is not used: it goes by
     * an interface that its authors warn of, and its arrays can't be trained afterwards.
     */
    public static <T> T withoutGradients(Supplier<T> action) {
        prepareThread();
        JniUtils.setGradMode(false);
        try {
            return action.get();
        } finally {
            JniUtils.setGradMode(true);
        }
    }

    public Device device() {
        return root.getDevice();
    }

    /** A new owner of arrays on this device; closing it frees them. */
    public NDManager scope() {
        return root.newSubManager();
    }

    /** Arrays that all open scopes own together; one that grows from step to step tells of a leak. */
    public int liveArrays() {
        return root.getManagedArrays().size();
    }

    @Override
    public void close() {
        root.close();
    }
}
