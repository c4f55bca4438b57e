package dev.remix.engine.train;

import dev.remix.engine.text.Example;
import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model of {@code src/test/python/make_goldens.py} and what transformers and PEFT compute with it. */
record GoldenModel(Path directory, JsonNode golden) {
    private static final Path MODELS = Path.of("src/test/resources/goldens/models");

    /** Tokens that greedy decoding goes on with. */
    record Generation(List<Integer> prompt, List<Integer> answer) {}

    static List<GoldenModel> all() {
        try (Stream<Path> directories = Files.list(MODELS)) {
            return directories.sorted().map(GoldenModel::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenModel of(Path directory) {
        return new GoldenModel(directory, JsonMapper.shared().readTree(directory.resolve("golden.json")));
    }

    /** The sequences, each with one token more than is read, as an example is. */
    List<Example> sequences() {
        return lists(golden.path("sequences")).stream()
                .map(tokens -> {
                    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
                    float[] weights = new float[longer.length];
                    weights[tokens.length] = 1;
                    return new Example(longer, weights, tokens.length);
                })
                .toList();
    }

    /** Of sequence i, [T, V] flattened. */
    float[] logits(int i) {
        return read("logits.safetensors", "sequence." + i).values();
    }

    List<Generation> generations() {
        return golden.path("generations")
                .valueStream()
                .map(node -> new Generation(integers(node.path("prompt")), integers(node.path("answer"))))
                .toList();
    }

    /** The sequences as the adapter's loss has them: all behind a prompt is learnt. */
    List<Example> lessons() {
        List<int[]> sequences = lists(golden.path("sequences"));
        List<Example> lessons = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            int prompt = golden.path("lora").path("prompts").get(i).asInt();
            float[] weights = new float[sequences.get(i).length];
            Arrays.fill(weights, prompt, weights.length, 1);
            lessons.add(new Example(sequences.get(i), weights, prompt));
        }
        return lessons;
    }

    double loss() {
        return golden.path("lora").path("loss").asDouble();
    }

    Path adapter() {
        return directory.resolve("lora");
    }

    float[] gradient(String parameter) {
        return read("lora/gradients.safetensors", parameter).values();
    }

    private Weight read(String file, String tensor) {
        try (SafetensorsFile tensors = SafetensorsFile.open(directory.resolve(file))) {
            return tensors.read(tensor);
        }
    }

    private static List<int[]> lists(JsonNode lists) {
        return lists.valueStream().map(GoldenModel::ints).toList();
    }

    private static List<Integer> integers(JsonNode list) {
        return list.valueStream().map(JsonNode::asInt).toList();
    }

    private static int[] ints(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    @Override
    public String toString() {
        return String.valueOf(directory.getFileName());
    }
}
