package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
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
 * adapter_config.json: PEFT's members, and for a mixture those of ours. A mixture names a {@code peft_type} that PEFT does not
 * know, so that no PEFT takes its stacked factors for one large LoRA.
 */
final class AdapterConfig {
    private AdapterConfig() {}

    static ObjectNode toJson(AdapterSpec spec, String baseModel) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("base_model_name_or_path", baseModel);
        json.put("task_type", "CAUSAL_LM");
        json.put("inference_mode", true);
        json.put("bias", "none");
        switch (spec) {
            case AdapterSpec.Lora lora -> {
                put(json, "LORA", lora.factors());
                json.put("use_dora", lora.magnitude());
            }
            case AdapterSpec.Remix remix -> {
                put(json, "REMIX", remix.factors());
                put(json, remix.pool());
                json.put("active", remix.active());
                put(json, remix.reinforce());
            }
            case AdapterSpec.MixLora mix -> {
                put(json, "MIXLORA", mix.factors());
                put(json, mix.pool());
                json.put("active", mix.active());
                json.put("balance", mix.balance());
            }
            case AdapterSpec.HydraLora hydra -> {
                put(json, "HYDRALORA", hydra.factors());
                put(json, hydra.pool());
            }
            case AdapterSpec.SoftMix soft -> {
                put(json, "SOFTMIX", soft.factors());
                put(json, soft.pool());
            }
            case AdapterSpec.FullParameters full -> throw new IllegalArgumentException("not an adapter");
        }
        return json;
    }

    private static void put(ObjectNode json, String type, Factors factors) {
        json.put("peft_type", type);
        json.put("r", factors.rank());
        json.put("lora_alpha", factors.alpha());
        json.put("lora_dropout", factors.dropout());
        json.put("use_rslora", factors.scaling() == Scaling.RSLORA);
        factors.targets().forEach(target -> json.withArray("target_modules").add(lower(target)));
    }

    private static void put(ObjectNode json, Pool pool) {
        json.put("loras", pool.loras());
        json.put("routing", lower(pool.routing()));
        json.put("routers", lower(pool.routers()));
        json.put("router_learning_rate_multiplier", pool.learningRateMultiplier());
    }

    private static void put(ObjectNode json, Reinforce reinforce) {
        json.put("draws", reinforce.draws());
        json.put("adapter_gradient", lower(reinforce.adapterGradient()));
        json.put("normalise_advantages", reinforce.normaliseAdvantages());
        json.put("entropy_bonus", reinforce.entropyBonus());
        json.put("uniform_divergence", reinforce.uniformDivergence());
    }

    static AdapterSpec fromJson(JsonNode json) {
        String type = json.path("peft_type").asString("none");
        return switch (type) {
            case "LORA" ->
                new AdapterSpec.Lora(factors(json), json.path("use_dora").asBoolean(false));
            case "REMIX" -> new AdapterSpec.Remix(factors(json), pool(json), active(json), reinforce(json));
            case "MIXLORA" ->
                new AdapterSpec.MixLora(
                        factors(json),
                        pool(json),
                        active(json),
                        json.path("balance").asDouble(0));
            case "HYDRALORA" -> new AdapterSpec.HydraLora(factors(json), pool(json));
            case "SOFTMIX" -> new AdapterSpec.SoftMix(factors(json), pool(json));
            default -> throw refused("peft_type", type, "LORA, REMIX, MIXLORA, HYDRALORA or SOFTMIX");
        };
    }

    private static Factors factors(JsonNode json) {
        Set<Target> targets = EnumSet.noneOf(Target.class);
        for (JsonNode target : json.path("target_modules")) {
            targets.add(parse(Target.class, "target_modules", target.asString("")));
        }
        return new Factors(
                json.path("r").asInt(0),
                json.path("lora_alpha").asDouble(0),
                json.path("use_rslora").asBoolean(false) ? Scaling.RSLORA : Scaling.LORA,
                targets,
                json.path("lora_dropout").asDouble(0));
    }

    private static Pool pool(JsonNode json) {
        return new Pool(
                json.path("loras").asInt(0),
                parse(Routing.class, "routing", json.path("routing").asString("")),
                parse(Routers.class, "routers", json.path("routers").asString("block")),
                json.path("router_learning_rate_multiplier").asDouble(1));
    }

    private static int active(JsonNode json) {
        return json.path("active").asInt(0);
    }

    private static Reinforce reinforce(JsonNode json) {
        return new Reinforce(
                json.path("draws").asInt(2),
                parse(
                        AdapterGradient.class,
                        "adapter_gradient",
                        json.path("adapter_gradient").asString("mean")),
                json.path("normalise_advantages").asBoolean(false),
                json.path("entropy_bonus").asDouble(0),
                json.path("uniform_divergence").asDouble(0));
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
