package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * adapter_config.json: PEFT's members, and for a mixture those of ours. A mixture says {@code "peft_type": "REMIX"}, so that
 * no PEFT takes its stacked factors for one large LoRA.
 */
final class AdapterConfig {
    private AdapterConfig() {}

    static ObjectNode toJson(AdapterSpec spec, String baseModel) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("base_model_name_or_path", baseModel);
        json.put("task_type", "CAUSAL_LM");
        json.put("inference_mode", true);
        json.put("bias", "none");
        json.put("lora_dropout", 0.0);
        switch (spec) {
            case AdapterSpec.Lora lora -> {
                json.put("peft_type", "LORA");
                common(json, lora.rank(), lora.alpha(), lora.scaling(), lora.targets());
            }
            case AdapterSpec.Remix remix -> {
                json.put("peft_type", "REMIX");
                common(json, remix.rank(), remix.alpha(), remix.scaling(), remix.targets());
                json.put("loras", remix.loras());
                json.put("active", remix.active());
                json.put("routing", lower(remix.routing()));
                json.put("draws", remix.draws());
                json.put("router_learning_rate_multiplier", remix.routerLearningRateMultiplier());
            }
            case AdapterSpec.FullParameters full -> throw new IllegalArgumentException("not an adapter");
        }
        return json;
    }

    private static void common(ObjectNode json, int rank, double alpha, Scaling scaling, Set<Target> targets) {
        json.put("r", rank);
        json.put("lora_alpha", alpha);
        json.put("use_rslora", scaling == Scaling.RSLORA);
        targets.forEach(target -> json.withArray("target_modules").add(lower(target)));
    }

    static AdapterSpec fromJson(JsonNode json) {
        int rank = json.path("r").asInt(0);
        double alpha = json.path("lora_alpha").asDouble(0);
        Scaling scaling = json.path("use_rslora").asBoolean(false) ? Scaling.RSLORA : Scaling.LORA;
        Set<Target> targets = EnumSet.noneOf(Target.class);
        for (JsonNode target : json.path("target_modules")) {
            targets.add(parse(Target.class, "target_modules", target.asString("")));
        }
        String type = json.path("peft_type").asString("none");
        return switch (type) {
            case "LORA" -> new AdapterSpec.Lora(rank, alpha, scaling, targets);
            case "REMIX" ->
                new AdapterSpec.Remix(
                        json.path("loras").asInt(0),
                        json.path("active").asInt(0),
                        rank,
                        json.path("draws").asInt(2),
                        alpha,
                        scaling,
                        parse(Routing.class, "routing", json.path("routing").asString("")),
                        targets,
                        json.path("router_learning_rate_multiplier").asDouble(1));
            default -> throw refused("peft_type", type, "LORA or REMIX");
        };
    }

    private static <E extends Enum<E>> E parse(Class<E> type, String member, String value) {
        Set<E> known = EnumSet.allOf(type);
        return known.stream()
                .filter(constant -> lower(constant).equals(value))
                .findFirst()
                .orElseThrow(() -> refused(member, value, known.toString().toLowerCase(Locale.ROOT)));
    }

    private static EngineException refused(String member, String value, String known) {
        return new EngineException(
                Kind.INVALID_SPEC, "adapter_config.json: %s is %s, not one of %s.".formatted(member, value, known));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
