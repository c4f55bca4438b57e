package dev.remix.bench.work;

import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/** A Hugging Face directory of a model that knows nothing: config.json, random weights in bfloat16, a tokenizer. */
public final class RandomModel {
    private static final List<String> TOKENIZER = List.of("tokenizer.json", "tokenizer_config.json");

    private final Shape shape;
    private final Random random;

    private RandomModel(Shape shape, long seed) {
        this.shape = shape;
        this.random = new Random(seed);
    }

    /** @param tokenizer a model directory whose tokenizer serves here too; only its token ids are fewer */
    public static void write(Path directory, Shape shape, Path tokenizer, long seed) throws IOException {
        Files.createDirectories(directory);
        for (String file : TOKENIZER) {
            Files.copy(tokenizer.resolve(file), directory.resolve(file));
        }
        JsonMapper.shared().writeValue(directory.resolve("config.json"), shape.toConfig());
        writeWeights(directory, shape, seed);
    }

    /** The weights alone; gives their file. */
    public static Path writeWeights(Path directory, Shape shape, long seed) {
        Path file = directory.resolve("model.safetensors");
        List<Weight> weights = new RandomModel(shape, seed).weights();
        SafetensorsWriter.write(file, weights, NumberFormat.BF16, Map.of("format", "pt"));
        return file;
    }

    private List<Weight> weights() {
        List<Weight> weights = new ArrayList<>();
        weights.add(matrix("model.embed_tokens", shape.vocabulary(), shape.hidden()));
        for (int layer = 0; layer < shape.layers(); layer++) {
            addLayer(weights, "model.layers." + layer + ".");
        }
        weights.add(gain("model.norm"));
        weights.add(matrix("lm_head", shape.vocabulary(), shape.hidden()));
        return weights;
    }

    private void addLayer(List<Weight> weights, String layer) {
        int heads = shape.heads() * shape.headWidth();
        int keys = shape.keyHeads() * shape.headWidth();
        weights.add(gain(layer + "input_layernorm"));
        weights.add(matrix(layer + "self_attn.q_proj", heads, shape.hidden()));
        weights.add(matrix(layer + "self_attn.k_proj", keys, shape.hidden()));
        weights.add(matrix(layer + "self_attn.v_proj", keys, shape.hidden()));
        weights.add(matrix(layer + "self_attn.o_proj", shape.hidden(), heads));
        weights.add(gain(layer + "post_attention_layernorm"));
        weights.add(matrix(layer + "mlp.gate_proj", shape.inner(), shape.hidden()));
        weights.add(matrix(layer + "mlp.up_proj", shape.inner(), shape.hidden()));
        weights.add(matrix(layer + "mlp.down_proj", shape.hidden(), shape.inner()));
    }

    /** Deviation 1/√inputs, so that activations keep their size through the layers. */
    private Weight matrix(String name, int outputs, int inputs) {
        float[] values = new float[Math.multiplyExact(outputs, inputs)];
        double deviation = 1 / Math.sqrt(inputs);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return new Weight(name + ".weight", List.of((long) outputs, (long) inputs), values);
    }

    private Weight gain(String name) {
        float[] ones = new float[shape.hidden()];
        Arrays.fill(ones, 1);
        return new Weight(name + ".weight", List.of((long) shape.hidden()), ones);
    }
}
