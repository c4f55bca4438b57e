package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.RunSpec.Options;
import dev.remix.engine.train.RunSpec.Precision;
import dev.remix.engine.train.RunSpec.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** A decoder of two layers with fewer key heads than heads, and a task it learns in seconds: say the last letters again. */
final class TinyModel {
    static final DecoderConfig CONFIG = new DecoderConfig(264, 16, 24, 2, 4, 2, 4, 64, 1e-5, 10_000, true);

    static final Set<Target> FEED_FORWARD = EnumSet.of(Target.GATE_PROJ, Target.UP_PROJ, Target.DOWN_PROJ);

    private TinyModel() {}

    static Decoder float32(Compute compute) {
        return Decoder.initialise(compute, CONFIG, 1);
    }

    /** Larger weights than a training starts from, so that every path of a gradient carries something. */
    static Decoder float64(Compute compute) {
        try (Decoder start = float32(compute)) {
            NDManager scope = compute.scope();
            return new Decoder(CONFIG, scope, widened(start.matrices(), scope, 10), widened(start.vectors(), scope, 1));
        }
    }

    static List<NDArray> widened(List<NDArray> arrays, NDManager scope, double scale) {
        List<NDArray> wide = new ArrayList<>();
        for (NDArray array : arrays) {
            NDArray copy = array.toType(DataType.FLOAT64, true).mul(scale);
            copy.attach(scope);
            wide.add(copy);
        }
        return wide;
    }

    static List<Example> examples(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(example(random, 4 + random.nextInt(5)));
        }
        return examples;
    }

    private static Example example(SplittableRandom random, int prompt) {
        int[] tokens = new int[prompt + 3];
        float[] weights = new float[prompt + 3];
        for (int t = 0; t < prompt; t++) {
            tokens[t] = 2 + random.nextInt(10);
        }
        for (int j = 0; j < 3; j++) {
            tokens[prompt + j] = j == 2 ? 1 : tokens[prompt - 2 + j];
            weights[prompt + j] = 1;
        }
        return new Example(tokens, weights, prompt);
    }

    static Options options(int epochs, int batchSize, double learningRate) {
        return options(epochs, batchSize, learningRate, Precision.F32);
    }

    private static Options options(int epochs, int batchSize, double learningRate, Precision precision) {
        return new Options(
                epochs, null, batchSize, learningRate, Schedule.COSINE, 0.05, 0.01, 1, 64, precision, 10, 1000, 8);
    }

    static Batches batches() {
        return new ShuffledBatches(examples(256, 1), 16, 3);
    }

    /** Different questions with one answer, as chat JSONL. */
    static Path chats(Path file, int count, String answer) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            char letter = (char) ('a' + i % 4);
            lines.append("""
                    {"messages": [{"role": "user", "content": "%c?"}, {"role": "assistant", "content": "%s"}]}
                    """.formatted(letter, answer));
        }
        try {
            return Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RunSpec spec(Path modelDirectory, AdapterSpec adapter) {
        return new RunSpec(modelDirectory, Path.of("unread.jsonl"), null, null, 7, adapter, options(3, 16, 3e-2));
    }

    static AdapterSpec.Remix mixture(Routing routing) {
        return new AdapterSpec.Remix(
                new Factors(2, 2, Scaling.RSLORA, FEED_FORWARD),
                new Pool(4, routing, Routers.BLOCK, 1),
                2,
                new Reinforce(2));
    }

    static AdapterSpec lora() {
        return new AdapterSpec.Lora(new Factors(4, 4, Scaling.RSLORA, FEED_FORWARD));
    }

    /** A directory with a whole model as it is initialised. */
    static Path untrained(Path directory) {
        directory(directory);
        try (Compute compute = Compute.cpu();
                Decoder decoder = float32(compute)) {
            decoder.save(directory);
        }
        return directory;
    }

    /** A directory with a whole model that has learnt {@link #examples}. */
    static Path trained(Path directory) {
        directory(directory);
        RunSpec spec = new RunSpec(
                directory,
                Path.of("unread.jsonl"),
                null,
                null,
                1,
                new AdapterSpec.FullParameters(),
                options(1, 16, 1e-2));
        try (Trainee trainee = new Trainee(Replicas.create(spec), spec)) {
            Batches batches = batches();
            for (int step = 1; step <= 150; step++) {
                trainee.step(new StepInputs(batches.at(step), step, 1e-2));
            }
            trainee.save(directory, "none");
        }
        return directory;
    }

    /** Another task on the same letters: say the last one, whatever it was, and then a five. */
    static Batches otherBatches() {
        List<Example> other = new ArrayList<>();
        for (Example example : examples(256, 2)) {
            int[] tokens = example.tokens().clone();
            int prompt = example.promptLength();
            tokens[prompt] = tokens[prompt - 1];
            tokens[prompt + 1] = 5;
            other.add(new Example(tokens, example.weights(), prompt));
        }
        return new ShuffledBatches(other, 16, 3);
    }

    /** A directory with the configuration and the tokenizer of the model, and no weights. */
    static Path directory(Path directory) {
        try {
            Files.createDirectories(directory);
            for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
                Files.copy(Path.of("../../models/remix-tiny", name), directory.resolve(name));
            }
            Files.writeString(directory.resolve("config.json"), """
                    {"model_type": "llama", "vocab_size": 264, "hidden_size": 16, "intermediate_size": 24,
                     "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
                     "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "tie_word_embeddings": true}
                    """);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
