package dev.remix.engine.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names and shapes of a decoder's tensors, in the order in which {@code torchscript/decoder.py} expects them. */
final class DecoderTensors {

    enum Role {
        MATRIX,
        /** A matrix whose product is added to the residual stream, which initialisation has to know. */
        INTO_RESIDUAL,
        GAIN,
        BIAS
    }

    record Tensor(String name, List<Long> shape, Role role) {
        static Tensor matrix(String name, long outputs, long inputs) {
            return new Tensor(name, List.of(outputs, inputs), Role.MATRIX);
        }

        static Tensor gain(String name, long width) {
            return new Tensor(name, List.of(width), Role.GAIN);
        }

        static Tensor bias(String name, long width) {
            return new Tensor(name, List.of(width), Role.BIAS);
        }

        Tensor intoResidual() {
            return new Tensor(name, shape, Role.INTO_RESIDUAL);
        }

        boolean isMatrix() {
            return role == Role.MATRIX || role == Role.INTO_RESIDUAL;
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
        tensors.add(Tensor.matrix("model.embed_tokens.weight", config.vocabulary(), config.hidden()));
        for (int layer = 0; layer < config.layers(); layer++) {
            layerMatrices("model.layers." + layer).forEach(tensors::add);
        }
        if (!config.tied()) {
            tensors.add(Tensor.matrix("lm_head.weight", config.vocabulary(), config.hidden()));
        }
        return tensors;
    }

    /** Of every tensor, by its name. */
    Map<String, List<Long>> shapes() {
        return Stream.concat(matrices().stream(), vectors().stream())
                .collect(Collectors.toMap(Tensor::name, Tensor::shape, (a, b) -> b, LinkedHashMap::new));
    }

    /** Whether files may hold a tensor that changes nothing: tables that are computed here, and a tied head once more. */
    boolean ignorable(String tensor) {
        boolean head = config.tied() && tensor.equals("lm_head.weight");
        return head || tensor.endsWith(".rotary_emb.inv_freq");
    }

    private Stream<Tensor> layerMatrices(String layer) {
        long d = config.hidden();
        long q = (long) config.heads() * config.headWidth();
        long k = (long) config.keyHeads() * config.headWidth();
        return Stream.of(
                Tensor.matrix(layer + ".self_attn.q_proj.weight", q, d),
                Tensor.matrix(layer + ".self_attn.k_proj.weight", k, d),
                Tensor.matrix(layer + ".self_attn.v_proj.weight", k, d),
                Tensor.matrix(layer + ".self_attn.o_proj.weight", d, q).intoResidual(),
                Tensor.matrix(layer + ".mlp.gate_proj.weight", config.inner(), d),
                Tensor.matrix(layer + ".mlp.up_proj.weight", config.inner(), d),
                Tensor.matrix(layer + ".mlp.down_proj.weight", d, config.inner())
                        .intoResidual());
    }

    List<Tensor> vectors() {
        List<Tensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            addGains("model.layers." + layer, tensors);
            addBiases("model.layers." + layer, tensors);
        }
        tensors.add(Tensor.gain("model.norm.weight", config.hidden()));
        return tensors;
    }

    /** Where a block's output has a norm of its own, {@code post_attention_layernorm} is that one, and else the next block's. */
    private void addGains(String layer, List<Tensor> tensors) {
        tensors.add(Tensor.gain(layer + ".input_layernorm.weight", config.hidden()));
        String before = config.postNorms() ? ".pre_feedforward_layernorm.weight" : ".post_attention_layernorm.weight";
        tensors.add(Tensor.gain(layer + before, config.hidden()));
        if (config.postNorms()) {
            tensors.add(Tensor.gain(layer + ".post_attention_layernorm.weight", config.hidden()));
            tensors.add(Tensor.gain(layer + ".post_feedforward_layernorm.weight", config.hidden()));
        }
        if (config.attention().queryKeyNorm()) {
            tensors.add(Tensor.gain(layer + ".self_attn.q_norm.weight", config.headWidth()));
            tensors.add(Tensor.gain(layer + ".self_attn.k_norm.weight", config.headWidth()));
        }
    }

    private void addBiases(String layer, List<Tensor> tensors) {
        long k = (long) config.keyHeads() * config.headWidth();
        if (config.attention().queryKeyValueBias()) {
            tensors.add(Tensor.bias(layer + ".self_attn.q_proj.bias", (long) config.heads() * config.headWidth()));
            tensors.add(Tensor.bias(layer + ".self_attn.k_proj.bias", k));
            tensors.add(Tensor.bias(layer + ".self_attn.v_proj.bias", k));
        }
        if (config.attention().outputBias()) {
            tensors.add(Tensor.bias(layer + ".self_attn.o_proj.bias", config.hidden()));
        }
        if (config.feedForward().bias()) {
            tensors.add(Tensor.bias(layer + ".mlp.gate_proj.bias", config.inner()));
            tensors.add(Tensor.bias(layer + ".mlp.up_proj.bias", config.inner()));
            tensors.add(Tensor.bias(layer + ".mlp.down_proj.bias", config.hidden()));
        }
    }
}
