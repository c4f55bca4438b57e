package dev.remix.engine.adapter;

import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.adapter.Plan.Extra;
import dev.remix.engine.decoder.DecoderConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names and shapes of an adapter's tensors, in the order of {@code torchscript/mixture.py}. Names are PEFT's; a mixture's
 * factors are stacked over its LoRAs.
 */
record AdapterTensors(DecoderConfig config, Plan plan, Extra extra) {

    enum Role {
        /** Projects down to the ranks. */
        A,
        B,
        /** The length of each row of the adapted matrix. */
        MAGNITUDE
    }

    /** @param matrix index of the projection among the layer's seven, {@code layer} the layer */
    record Factor(String name, List<Long> shape, Role role, int layer, Target target) {}

    static AdapterTensors of(DecoderConfig config, AdapterSpec spec) {
        return new AdapterTensors(config, Plan.of(spec), Plan.extra(spec));
    }

    List<Factor> factors() {
        List<Factor> factors = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Target target : plan.targets()) {
                addFactors(layer, target, factors);
            }
        }
        return factors;
    }

    private void addFactors(int layer, Target target, List<Factor> factors) {
        String name = projection(layer, target);
        long rank = plan.factors() == null ? 0 : plan.factors().rank();
        long all = plan.loras() * rank;
        long down = extra == Extra.ONE_A ? rank : all;
        factors.add(new Factor(name + ".lora_A.weight", List.of(down, inputs(target)), Role.A, layer, target));
        factors.add(new Factor(name + ".lora_B.weight", List.of(outputs(target), all), Role.B, layer, target));
        if (extra == Extra.MAGNITUDE) {
            List<Long> shape = List.of(outputs(target));
            factors.add(new Factor(name + ".lora_magnitude_vector", shape, Role.MAGNITUDE, layer, target));
        }
    }

    /** A router: what it is called among the reported sites, its tensor, and the width of its input. */
    record Router(String site, String name, List<Long> shape) {}

    List<Router> routers() {
        List<Router> routers = new ArrayList<>();
        int[] sites = plan.siteOfTarget();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Target target : Target.values()) {
                if (sites[target.index()] >= 0) {
                    routers.add(router(layer, target));
                }
            }
        }
        return routers;
    }

    private Router router(int layer, Target target) {
        boolean own = plan.pool() != null && plan.pool().routers() == Routers.PROJECTION;
        String block = "layers." + layer + "." + block(target);
        String site = own ? block + "." + lower(target) : block;
        long width = own ? inputs(target) : config.hidden();
        return new Router(
                site, "base_model.model.model." + site + ".router.weight", List.of((long) plan.loras(), width));
    }

    /** Of every tensor, by name: factors, then routers. */
    Map<String, List<Long>> shapes() {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        factors().forEach(factor -> shapes.put(factor.name(), factor.shape()));
        routers().forEach(router -> shapes.put(router.name(), router.shape()));
        return shapes;
    }

    private static String projection(int layer, Target target) {
        return "base_model.model.model.layers." + layer + "." + block(target) + "." + lower(target);
    }

    private static String block(Target target) {
        return target.ofAttention() ? "self_attn" : "mlp";
    }

    private static String lower(Target target) {
        return target.name().toLowerCase(Locale.ROOT);
    }

    private long inputs(Target target) {
        return switch (target) {
            case Q_PROJ, K_PROJ, V_PROJ, GATE_PROJ, UP_PROJ -> config.hidden();
            case O_PROJ -> (long) config.heads() * config.headWidth();
            case DOWN_PROJ -> config.inner();
        };
    }

    private long outputs(Target target) {
        return switch (target) {
            case Q_PROJ -> (long) config.heads() * config.headWidth();
            case K_PROJ, V_PROJ -> (long) config.keyHeads() * config.headWidth();
            case GATE_PROJ, UP_PROJ -> config.inner();
            case O_PROJ, DOWN_PROJ -> config.hidden();
        };
    }
}
