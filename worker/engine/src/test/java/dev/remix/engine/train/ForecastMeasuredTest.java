package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.forecast.Forecast;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunSpec.Execution;
import dev.remix.engine.train.RunSpec.Precision;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forecasts against what a process that trains then takes; minutes, and so in a suite of its own. */
@Tag("forecast")
class ForecastMeasuredTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "128, 4, 4, 4, lora,           F32,  false, 0,    16, 128",
        "128, 4, 4, 4, remix-2,        F32,  false, 0,    16, 128",
        "256, 6, 4, 4, lora,           F32,  false, 0,    16, 256",
        "256, 6, 4, 4, lora,           BF16, false, 0,    16, 256",
        "256, 6, 4, 4, remix-2,        F32,  false, 0,    16, 256",
        "256, 6, 4, 4, remix-4,        BF16, true,  0,    16, 256",
        "256, 6, 4, 4, remix-4-single, F32,  false, 0,    16, 256",
        "256, 6, 4, 4, remix-2-token,  F32,  false, 0,    16, 256",
        "384, 5, 6, 6, remix-2,        F32,  false, 2048, 24, 256",
        "384, 5, 6, 2, lora,           F32,  true,  0,    8,  384",
        "384, 5, 6, 6, lora-all,       BF16, false, 0,    12, 320",
        "512, 4, 8, 8, lora,           F32,  true,  0,    8,  256",
        "512, 4, 8, 2, lora,           F32,  false, 0,    8,  512",
        "512, 4, 8, 2, remix-2,        BF16, false, 1024, 8,  512",
        "512, 4, 8, 8, remix-4,        F32,  false, 0,    6,  384",
        "512, 4, 8, 8, full,           F32,  false, 0,    4,  256"
    })
    void holdsWithin15Percent(
            int hidden,
            int layers,
            int heads,
            int keyHeads,
            String kind,
            Precision precision,
            boolean recompute,
            int micro,
            int size,
            int longest)
            throws Exception {
        Path model = model(hidden, layers, heads, keyHeads);
        RunSpec spec =
                MeasuredTraining.spec(model, kind, precision, new Execution(micro == 0 ? null : micro, recompute, 1));
        Batch batch = MeasuredTraining.batch(spec, size, longest);
        Forecast forecast = Forecasts.of(spec, new OneBatch(batch));

        String[] measured =
                measured(model, kind, precision.name(), recompute + "", micro + "", size + "", longest + "");

        double peak = Double.parseDouble(measured[0]);
        double seconds = Double.parseDouble(measured[1]);
        double forecastSeconds =
                forecast.duration(Double.parseDouble(measured[2])).toNanos() / 1e9;
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %d/%d | %s | %s | %s | %d | %.0f | %.0f | %.2f | %.2f | %.2f | %.2f |%n",
                hidden,
                layers,
                heads,
                keyHeads,
                kind,
                precision,
                recompute ? "yes" : "",
                batch.tokenCount(),
                forecast.memory().peak() / 1e6,
                peak / 1e6,
                forecast.memory().peak() / peak,
                forecastSeconds,
                seconds,
                forecastSeconds / seconds);
        assertThat(forecast.memory().peak() / peak).as("memory").isBetween(0.85, 1.15);
        assertThat(forecastSeconds / seconds).as("time").isBetween(0.85, 1.15);
    }

    private record OneBatch(Batch batch) implements Batches {
        @Override
        public int stepsPerEpoch() {
            return 1;
        }

        @Override
        public Batch at(int step) {
            return batch;
        }
    }

    private static String[] measured(Path model, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                MeasuredTraining.class.getName(),
                model.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String reply = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .reduce("", (a, b) -> b);
        assertThat(process.waitFor()).isZero();
        return reply.split(" ");
    }

    private Path model(int hidden, int layers, int heads, int keyHeads) throws IOException {
        int inner = 11 * hidden / 4;
        Files.writeString(directory.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": 8192, "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d,
                 "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "tie_word_embeddings": true}
                """.formatted(
                        hidden, inner, layers, heads, keyHeads, hidden / heads));
        DecoderConfig config = DecoderConfig.read(directory);
        long d = hidden;
        long k = (long) keyHeads * config.headWidth();
        List<Weight> weights = new ArrayList<>();
        weights.add(weight("model.embed_tokens.weight", 8192, d));
        for (int layer = 0; layer < layers; layer++) {
            String at = "model.layers." + layer + ".";
            weights.add(weight(at + "self_attn.q_proj.weight", d, d));
            weights.add(weight(at + "self_attn.k_proj.weight", k, d));
            weights.add(weight(at + "self_attn.v_proj.weight", k, d));
            weights.add(weight(at + "self_attn.o_proj.weight", d, d));
            weights.add(weight(at + "mlp.gate_proj.weight", inner, d));
            weights.add(weight(at + "mlp.up_proj.weight", inner, d));
            weights.add(weight(at + "mlp.down_proj.weight", d, inner));
            weights.add(weight(at + "input_layernorm.weight", d));
            weights.add(weight(at + "post_attention_layernorm.weight", d));
        }
        weights.add(weight("model.norm.weight", d));
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"), weights, NumberFormat.BF16, Map.of("format", "pt"));
        return directory;
    }

    private static Weight weight(String name, long... shape) {
        int size = 1;
        List<Long> dimensions = new ArrayList<>();
        for (long dimension : shape) {
            size = Math.toIntExact(size * dimension);
            dimensions.add(dimension);
        }
        double deviation = 1 / Math.sqrt((double) shape[shape.length - 1]);
        double[] values = new SplittableRandom(name.hashCode()).doubles(size).toArray();
        float[] small = new float[size];
        for (int i = 0; i < size; i++) {
            small[i] = shape.length == 1 ? 1 : (float) (deviation * (3.4 * values[i] - 1.7));
        }
        return new Weight(name, dimensions, small);
    }
}
