package dev.remix.engine.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Names and shapes of a decoder's tensors, in the order in which {@code torchscript/decoder.py} expects them. */
final class DecoderTensors {

    /** @param residual whether its product is added to the residual stream, which initialisation has to know */
    record Tensor(String name, List<Long> shape, boolean residual) {
        Tensor(String name, long... shape) {
            this(name, Arrays.stream(shape).boxed().toList(), false);
        }

        Tensor intoResidual() {
            return new Tensor(name, shape, true);
        }

        int size() {
            return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
        }
    }

    private final DecoderConfig config;

    DecoderTensors(DecoderConfig config) {
        this.config = config;
    }

    List<Tensor> matrices() {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(new Tensor("model.embed_tokens.weight", config.vocabulary(), config.hidden()));
        for (int layer = 0; layer < config.layers(); layer++) {
            layerMatrices("model.layers." + layer).forEach(tensors::add);
        }
        if (!config.tied()) {
            tensors.add(new Tensor("lm_head.weight", config.vocabulary(), config.hidden()));
        }
        return tensors;
    }

    private Stream<Tensor> layerMatrices(String layer) {
        long d = config.hidden();
        long q = (long) config.heads() * config.headWidth();
        long k = (long) config.keyHeads() * config.headWidth();
        return Stream.of(
                new Tensor(layer + ".self_attn.q_proj.weight", q, d),
                new Tensor(layer + ".self_attn.k_proj.weight", k, d),
                new Tensor(layer + ".self_attn.v_proj.weight", k, d),
                new Tensor(layer + ".self_attn.o_proj.weight", d, q).intoResidual(),
                new Tensor(layer + ".mlp.gate_proj.weight", config.inner(), d),
                new Tensor(layer + ".mlp.up_proj.weight", config.inner(), d),
                new Tensor(layer + ".mlp.down_proj.weight", d, config.inner()).intoResidual());
    }

    List<Tensor> norms() {
        List<Tensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            tensors.add(new Tensor("model.layers." + layer + ".input_layernorm.weight", config.hidden()));
            tensors.add(new Tensor("model.layers." + layer + ".post_attention_layernorm.weight", config.hidden()));
        }
        tensors.add(new Tensor("model.norm.weight", config.hidden()));
        return tensors;
    }
}
