package dev.remix.engine.script;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import dev.remix.engine.device.Compute;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Mathematics written as TorchScript text, loaded and ready to be called.
 *
 * <pre>{@code
 * // torchscript/losses.py            functions, called from other files as __torch__.losses.mean_of(…)
 * // torchscript/study.py             class M(Module) with the methods that Java calls
 * try (Script script = Script.load(compute, "study");
 *         NDManager scope = compute.scope()) {
 *     NDList result = script.call("surrogate")
 *             .with("losses_MB", losses)
 *             .with("parameters", listOfArrays)
 *             .run(scope);
 * }
 * }</pre>
 *
 * Arguments are bound in the order in which they are given, and may be tensors or lists of tensors only: a number goes in as
 * a tensor and comes out with {@code int(x)} or {@code float(x)}. A list may not be empty. One thread at a time may call a
 * script.
 */
public final class Script implements AutoCloseable {
    private final String name;
    private final NDManager manager;
    private final PtSymbolBlock module;

    private Script(String name, NDManager manager, PtSymbolBlock module) {
        this.name = name;
        this.manager = manager;
        this.module = module;
    }

    /** Loads {@code /torchscript/ENTRY.py} and the files it names; a fault in their text fails here, with its line. */
    public static Script load(Compute compute, String entry) {
        byte[] archive = ScriptArchive.of(ScriptSource.read(entry));
        NDManager manager = compute.scope();
        try {
            PtSymbolBlock module =
                    JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
            return new Script(entry, manager, module);
        } catch (IOException e) {
            manager.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            manager.close();
            throw new IllegalStateException("Script " + entry + " does not load: " + e.getMessage(), e);
        }
    }

    public ScriptCall call(String method) {
        return new ScriptCall(name, module, method);
    }

    @Override
    public void close() {
        module.close();
        manager.close();
    }
}
