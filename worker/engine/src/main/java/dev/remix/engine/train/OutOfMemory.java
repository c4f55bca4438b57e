package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Memory that has run out, be it the device's, the machine's or Java's: what to change in the job. */
final class OutOfMemory {
    /** What libtorch's allocators say, in lower case; it tells its troubles in text only. */
    private static final List<String> SAID = List.of("out of memory", "not enough memory", "can't allocate memory");

    private OutOfMemory() {}

    static boolean is(ai.djl.engine.EngineException thrown) {
        String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return SAID.stream().anyMatch(message::contains);
    }

    static EngineException told(Throwable thrown, RunSpec spec) {
        String engine = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
        return new EngineException(
                Kind.OUT_OF_MEMORY,
                "The memory is exhausted; %s. %s The engine says: %s"
                        .formatted(
                                String.join(", or ", changes(spec)),
                                Forecasts.ofLongest(spec).inWords(),
                                engine),
                thrown);
    }

    /** Those first that change nothing of what is learnt. */
    private static List<String> changes(RunSpec spec) {
        RunSpec.Execution execution = spec.options().execution();
        List<String> changes = new ArrayList<>();
        if (!execution.recompute()) {
            changes.add("set recompute to true");
        }
        Integer most = execution.microBatchTokens();
        changes.add(
                most == null
                        ? "set micro_batch_tokens so that a batch goes through in parts"
                        : "set micro_batch_tokens lower than " + most);
        changes.add("lower max_sequence_length from " + spec.options().maxSequenceLength());
        boolean frozen = !(spec.adapter() instanceof AdapterSpec.FullParameters);
        if (frozen && spec.options().precision() == RunSpec.Precision.F32) {
            changes.add("train with precision bf16");
        }
        return changes;
    }
}
