package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.forecast.Forecast;
import dev.remix.engine.forecast.Layout;
import dev.remix.engine.forecast.Setting;
import dev.remix.engine.text.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A specification in the forecast's terms. */
final class Forecasts {
    private Forecasts() {}

    /** Memory and operations; nothing is run for them. */
    static Forecast of(RunSpec spec, Batches batches) {
        DecoderConfig config = DecoderConfig.read(spec.modelDirectory());
        List<Forecast.Step> epoch = IntStream.rangeClosed(1, batches.stepsPerEpoch())
                .mapToObj(step -> step(spec, config, batches.at(step)))
                .toList();
        return Forecast.of(setting(spec, config), epoch, TrainingLoop.totalSteps(batches, spec.options()));
    }

    /** Of one step whose examples are all as long as they may be: what no batch of the job exceeds. */
    static Forecast ofLongest(RunSpec spec) {
        DecoderConfig config = DecoderConfig.read(spec.modelDirectory());
        int length = spec.options().maxSequenceLength();
        int size = spec.options().batchSize();
        int share = Math.ceilDiv(size, spec.options().execution().replicas());
        int together = Math.clamp(tokensAtOnce(spec, config) / length, 1, share);
        Layout part = new Layout(List.of(new Layout.Group(together, length - 1)), together * (length - 1));
        List<Layout> parts = Collections.nCopies(Math.ceilDiv(share, together), part);
        return Forecast.of(setting(spec, config), List.of(new Forecast.Step(parts, size * length)), 1);
    }

    private static int tokensAtOnce(RunSpec spec, DecoderConfig config) {
        Integer asked = spec.options().execution().microBatchTokens();
        return asked == null ? Replica.tokensAtOnce(config, draws(spec.adapter()), Compute.gpuPresent()) : asked;
    }

    /** The step of an epoch that as many others are larger as are smaller than. */
    static Batch typical(Batches batches) {
        List<Batch> byTokens = IntStream.rangeClosed(1, batches.stepsPerEpoch())
                .mapToObj(batches::at)
                .sorted(Comparator.comparingInt(Batch::tokenCount))
                .toList();
        return byTokens.get(byTokens.size() / 2);
    }

    static Setting setting(RunSpec spec, DecoderConfig config) {
        boolean gpu = Compute.gpuPresent();
        return new Setting(
                config,
                spec.adapter(),
                Replicas.format(spec),
                spec.options().execution().recompute(),
                bytesOfWeights(spec.modelDirectory()),
                gpu,
                gpu ? 1 : spec.options().execution().replicas());
    }

    private static long bytesOfWeights(Path modelDirectory) {
        try (Stream<Path> files = Files.list(modelDirectory)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, "The model's directory can't be read: " + e.getMessage(), e);
        }
    }

    static Forecast.Step step(RunSpec spec, DecoderConfig config, Batch batch) {
        List<Layout> parts =
                Shares.of(batch, spec.options().execution().replicas(), tokensAtOnce(spec, config)).stream()
                        .flatMap(List::stream)
                        .map(Layout::of)
                        .toList();
        return new Forecast.Step(parts, batch.tokenCount());
    }

    static int draws(AdapterSpec spec) {
        return spec instanceof AdapterSpec.Remix remix ? remix.reinforce().draws() : 1;
    }
}
