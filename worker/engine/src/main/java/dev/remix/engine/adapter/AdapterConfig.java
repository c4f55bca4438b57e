package dev.remix.engine.adapter;

import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
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
        putNumber(json, "lora_alpha", factors.alpha());
        json.put("lora_dropout", factors.dropout());
        json.put("use_rslora", factors.scaling() == Scaling.RSLORA);
        factors.targets().forEach(target -> json.withArray("target_modules").add(ConfigMembers.lower(target)));
    }

    /** Without a fraction where it has none: PEFT declares alpha as a whole number. */
    private static void putNumber(ObjectNode json, String member, double value) {
        if (value == Math.rint(value) && value < Integer.MAX_VALUE) {
            json.put(member, (int) value);
        } else {
            json.put(member, value);
        }
    }

    private static void put(ObjectNode json, Pool pool) {
        json.put("loras", pool.loras());
        json.put("routing", ConfigMembers.lower(pool.routing()));
        json.put("routers", ConfigMembers.lower(pool.routers()));
        json.put("router_learning_rate_multiplier", pool.learningRateMultiplier());
    }

    private static void put(ObjectNode json, Reinforce reinforce) {
        json.put("draws", reinforce.draws());
        json.put("adapter_gradient", ConfigMembers.lower(reinforce.adapterGradient()));
        json.put("normalise_advantages", reinforce.normaliseAdvantages());
        json.put("entropy_bonus", reinforce.entropyBonus());
        json.put("uniform_divergence", reinforce.uniformDivergence());
    }

    static AdapterSpec fromJson(JsonNode json) {
        ConfigMembers members = new ConfigMembers(json);
        String type = members.text("peft_type", "none");
        return switch (type) {
            case "LORA" -> lora(members);
            case "REMIX" -> new AdapterSpec.Remix(factors(members), pool(members), active(members), reinforce(members));
            case "MIXLORA" ->
                new AdapterSpec.MixLora(factors(members), pool(members), active(members), members.number("balance", 0));
            case "HYDRALORA" -> new AdapterSpec.HydraLora(factors(members), pool(members));
            case "SOFTMIX" -> new AdapterSpec.SoftMix(factors(members), pool(members));
            default -> throw ConfigMembers.refused("peft_type", type, "LORA, REMIX, MIXLORA, HYDRALORA or SOFTMIX");
        };
    }

    private static AdapterSpec lora(ConfigMembers members) {
        PeftLora.requireSupported(members.json());
        return new AdapterSpec.Lora(factors(members), members.flag("use_dora"));
    }

    private static Factors factors(ConfigMembers members) {
        return new Factors(
                members.integer("r", 0),
                members.number("lora_alpha", 0),
                members.flag("use_rslora") ? Scaling.RSLORA : Scaling.LORA,
                members.choices("target_modules", Target.class),
                members.number("lora_dropout", 0));
    }

    private static Pool pool(ConfigMembers members) {
        return new Pool(
                members.integer("loras", 0),
                members.choice("routing", Routing.class, "none"),
                members.choice("routers", Routers.class, "block"),
                members.number("router_learning_rate_multiplier", 1));
    }

    private static int active(ConfigMembers members) {
        return members.integer("active", 0);
    }

    private static Reinforce reinforce(ConfigMembers members) {
        return new Reinforce(
                members.integer("draws", 2),
                members.choice("adapter_gradient", AdapterGradient.class, "mean"),
                members.flag("normalise_advantages"),
                members.number("entropy_bonus", 0),
                members.number("uniform_divergence", 0));
    }
}
