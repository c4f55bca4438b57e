package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a LORA of PEFT's (0.18) may ask for beyond one rank and one alpha for some of a decoder's projections: refused by name, for
 * without it the adapter would compute something else.
 */
final class PeftLora {
    /** Read, or about how an adapter came to be and not about what it computes. */
    private static final Set<String> KNOWN = Set.of(
            "peft_type",
            "r",
            "lora_alpha",
            "lora_dropout",
            "use_rslora",
            "use_dora",
            "target_modules",
            "auto_mapping",
            "base_model_name_or_path",
            "corda_config",
            "eva_config",
            "inference_mode",
            "layers_pattern",
            "loftq_config",
            "megatron_core",
            "peft_version",
            "qalora_group_size",
            "revision",
            "runtime_config");

    /** Texts that ask for nothing. */
    private static final Map<String, Set<String>> HARMLESS = Map.of(
            "bias", Set.of("none"),
            "task_type", Set.of("CAUSAL_LM"),
            "init_lora_weights", Set.of("gaussian", "eva", "orthogonal"));

    private PeftLora() {}

    static void requireSupported(JsonNode json) {
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (!KNOWN.contains(member.getKey()) && !asksForNothing(member.getKey(), member.getValue())) {
                throw new EngineException(
                        Kind.INVALID_SPEC,
                        "%s: %s is %.100s, which is not supported; %s."
                                .formatted(
                                        ConfigMembers.FILE,
                                        member.getKey(),
                                        member.getValue(),
                                        remedy(member.getKey())));
            }
        }
    }

    private static boolean asksForNothing(String member, JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> true;
            case BOOLEAN -> !value.booleanValue() || member.equals("init_lora_weights");
            case STRING ->
                value.stringValue().isEmpty()
                        || HARMLESS.getOrDefault(member, Set.of()).contains(value.stringValue());
            case ARRAY, OBJECT -> value.isEmpty();
            default -> false;
        };
    }

    private static String remedy(String member) {
        return member.equals("init_lora_weights")
                ? "it changes the base model's weights: save the adapter with PEFT's path_initial_model_for_weight_conversion"
                : "train the adapter without it";
    }
}
