package dev.remix.engine.train;

import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.text.Example;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsFile;
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

/** An adapter of {@code src/test/python/make_adapter_goldens.py} and what PEFT or the Python module computes with it. */
record AdapterGolden(Path directory, JsonNode golden) {
    private static final Path GOLDENS = Path.of("src/test/resources/goldens");

    static List<AdapterGolden> all() {
        try (Stream<Path> directories = Files.list(GOLDENS.resolve("adapters"))) {
            return directories.sorted().map(AdapterGolden::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that PEFT computes, with gradients. */
    static List<AdapterGolden> ofPeft() {
        return all().stream()
                .filter(golden -> Files.exists(golden.directory.resolve("gradients.safetensors")))
                .toList();
    }

    private static AdapterGolden of(Path directory) {
        return new AdapterGolden(directory, JsonMapper.shared().readTree(directory.resolve("golden.json")));
    }

    /** A run that goes on training it, without dropout. */
    RunSpec warmStart() {
        try (Compute compute = Compute.cpu();
                Decoder decoder = Decoder.load(compute, model(), NumberFormat.F32);
                Adapter adapter = Adapter.load(compute, decoder, directory)) {
            Path unread = Path.of("unread");
            return new RunSpec(
                    model(), unread, null, null, directory, 3, adapter.spec(), TinyModel.options(1, 2, 1e-2));
        }
    }

    /** Of the base model. */
    Path model() {
        return GOLDENS.resolve("models").resolve(golden.path("model").stringValue());
    }

    List<int[]> sequences() {
        return lists(golden.path("sequences"));
    }

    /** Of sequence i, [T, V] flattened. */
    float[] logits(int i) {
        return read("logits.safetensors", "sequence." + i);
    }

    List<int[]> prompts() {
        return lists(golden.path("prompts"));
    }

    List<int[]> answers() {
        return lists(golden.path("answers"));
    }

    /** The sequences as the loss has them: all behind a prompt is learnt. */
    List<Example> lessons() {
        List<Example> lessons = new ArrayList<>();
        List<int[]> sequences = sequences();
        for (int i = 0; i < sequences.size(); i++) {
            int prompt = golden.path("learntFrom").get(i).intValue();
            float[] weights = new float[sequences.get(i).length];
            Arrays.fill(weights, prompt, weights.length, 1);
            lessons.add(new Example(sequences.get(i), weights, prompt));
        }
        return lessons;
    }

    double loss() {
        return golden.path("loss").doubleValue();
    }

    float[] gradient(String parameter) {
        return read("gradients.safetensors", parameter);
    }

    private float[] read(String file, String tensor) {
        try (SafetensorsFile tensors = SafetensorsFile.open(directory.resolve(file))) {
            return tensors.read(tensor).values();
        }
    }

    private static List<int[]> lists(JsonNode lists) {
        return lists.valueStream()
                .map(list -> list.valueStream().mapToInt(JsonNode::intValue).toArray())
                .toList();
    }

    @Override
    public String toString() {
        return String.valueOf(directory.getFileName());
    }
}
