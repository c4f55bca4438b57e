package dev.remix.engine.adapter;

import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Names and shapes of an adapter's tensors, in the order of {@code torchscript/mixture.py}. Names are PEFT's; a mixture's
 * factors are stacked over its LoRAs.
 */
record AdapterTensors(DecoderConfig config, Plan plan) {

    /** @param down whether it is an A, which projects down to the ranks, and not a B */
    record Factor(String name, List<Long> shape, boolean down) {}

    List<Factor> factors() {
        List<Factor> factors = new ArrayList<>();
        long ranks = (long) plan.loras() * plan.rank();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Target target : plan.targets()) {
                String name = mlp(layer) + target.name().toLowerCase(Locale.ROOT);
                factors.add(new Factor(name + ".lora_A.weight", List.of(ranks, inputs(target)), true));
                factors.add(new Factor(name + ".lora_B.weight", List.of(outputs(target), ranks), false));
            }
        }
        return factors;
    }

    List<String> routers() {
        List<String> names = new ArrayList<>();
        for (int layer = 0; plan.routing() != null && layer < config.layers(); layer++) {
            names.add(mlp(layer) + "router.weight");
        }
        return names;
    }

    List<Long> routerShape() {
        return List.of((long) plan.loras(), (long) config.hidden());
    }

    private static String mlp(int layer) {
        return "base_model.model.model.layers." + layer + ".mlp.";
    }

    private long inputs(Target target) {
        return target == Target.DOWN_PROJ ? config.inner() : config.hidden();
    }

    private long outputs(Target target) {
        return target == Target.DOWN_PROJ ? config.hidden() : config.inner();
    }
}
