package dev.remix.engine.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import dev.remix.engine.device.Compute;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * One call, being put together. The engine tells arguments apart by the arrays' names, so one array can serve only one
 * argument of a call.
 */
public final class ScriptCall {
    private final String script;
    private final PtSymbolBlock module;
    private final String method;
    private final NDList arguments = new NDList();
    private final Set<NDArray> given = Collections.newSetFromMap(new IdentityHashMap<>());

    ScriptCall(String script, PtSymbolBlock module, String method) {
        this.script = script;
        this.module = module;
        this.method = method;
    }

    public ScriptCall with(String argument, NDArray array) {
        add(argument, array);
        return this;
    }

    /** A {@code List[Tensor]}, which the method may change in place. */
    public ScriptCall with(String argument, List<? extends NDArray> arrays) {
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException(where(argument) + " is an empty list, which can't be passed.");
        }
        arrays.forEach(array -> add(argument + "[]", array));
        return this;
    }

    /** Runs with gradients on; the results belong to {@code scope}. */
    public NDList run(NDManager scope) {
        Compute.prepareThread();
        // The results attach to the manager of the first argument; the array that names the method is ours to place.
        try (NDArray marker = scope.zeros(new Shape(1))) {
            marker.setName("module_method:" + method);
            NDList inputs = new NDList(arguments.size() + 1);
            inputs.add(marker);
            inputs.addAll(arguments);
            return IValueUtils.forward(module, inputs, true);
        }
    }

    /** Runs without gradients, so that nothing is kept for a way back. */
    public NDList infer(NDManager scope) {
        return Compute.withoutGradients(() -> run(scope));
    }

    private void add(String name, NDArray array) {
        if (!given.add(array)) {
            throw new IllegalArgumentException(where(name) + " is an array that another argument has already.");
        }
        array.setName(name);
        arguments.add(array);
    }

    private String where(String argument) {
        return script + "." + method + ": argument " + argument;
    }
}
