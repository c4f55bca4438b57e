package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.decoder.DecoderConfig;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** An adapter that a run begins with in place of a new one: it has to be what the run's own specification says. */
public final class WarmStart {
    /** What decides the tensors and what is computed with them; how they are trained, dropout included, may differ. */
    private static final List<String> MEMBERS = List.of(
            "peft_type",
            "use_dora",
            "r",
            "lora_alpha",
            "use_rslora",
            "target_modules",
            "loras",
            "active",
            "routing",
            "routers");

    private WarmStart() {}

    /**
     * Refuses a directory whose adapter is of another kind or shape, before any weight takes memory.
     *
     * @param wanted the run's specification, which {@link Adapter#load(dev.remix.engine.device.Compute,
     *     dev.remix.engine.decoder.Decoder, Path, AdapterSpec)} then trains it by
     */
    public static void requireFitting(Path directory, AdapterSpec wanted, DecoderConfig model) {
        if (wanted instanceof AdapterSpec.FullParameters) {
            throw new EngineException(
                    Kind.INVALID_SPEC, "Training every weight starts from the model, not from an adapter.");
        }
        requireSame(AdapterConfig.toJson(AdapterFiles.readSpec(directory), ""), AdapterConfig.toJson(wanted, ""));
        AdapterFiles.requireTensors(directory, AdapterTensors.of(model, wanted));
    }

    private static void requireSame(ObjectNode found, ObjectNode wanted) {
        for (String member : MEMBERS) {
            if (!found.path(member).equals(wanted.path(member))) {
                throw new EngineException(
                        Kind.INVALID_SPEC,
                        "The initial adapter's %s is %s and the specification's %s; start from an adapter of the same kind and shape."
                                .formatted(member, shown(found, member), shown(wanted, member)));
            }
        }
    }

    private static String shown(ObjectNode json, String member) {
        return json.has(member) ? json.path(member).toString() : "none";
    }
}
