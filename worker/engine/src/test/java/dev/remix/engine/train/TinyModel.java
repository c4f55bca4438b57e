package dev.remix.engine.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.remix.engine.adapter.AdapterSpec;
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
import java.util.List;
import java.util.SplittableRandom;

/** A decoder of two layers with fewer key heads than heads, and a task it learns in seconds: say the last letters again. */
final class TinyModel {
    static final DecoderConfig CONFIG = new DecoderConfig(24, 16, 24, 2, 4, 2, 4, 64, 1e-5, 10_000, true);

    private TinyModel() {}

    static Decoder float32(Compute compute) {
        return Decoder.initialise(compute, CONFIG, 1);
    }

    /** Larger weights than a training starts from, so that every path of a gradient carries something. */
    static Decoder float64(Compute compute) {
        try (Decoder start = float32(compute)) {
            NDManager scope = compute.scope();
            return new Decoder(CONFIG, scope, widened(start.matrices(), scope, 10), widened(start.norms(), scope, 1));
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
        return new Options(
                epochs,
                null,
                batchSize,
                learningRate,
                Schedule.COSINE,
                0.05,
                0.01,
                1,
                64,
                Precision.F32,
                1000,
                1000,
                8);
    }

    static Batches batches() {
        return new ShuffledBatches(examples(256, 1), 16, 3);
    }

    static RunSpec spec(Path modelDirectory, AdapterSpec adapter) {
        return new RunSpec(modelDirectory, Path.of("unread.jsonl"), null, null, 7, adapter, options(8, 16, 1e-2));
    }

    /** A directory with the configuration and the tokenizer of the model, and no weights. */
    static Path directory(Path directory) {
        try {
            Files.createDirectories(directory);
            for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
                Files.copy(Path.of("../../models/remix-tiny", name), directory.resolve(name));
            }
            Files.writeString(directory.resolve("config.json"), """
                    {"model_type": "llama", "vocab_size": 24, "hidden_size": 16, "intermediate_size": 24,
                     "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4,
                     "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "tie_word_embeddings": true}
                    """);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
