package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.WarmStart;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a specification trains, made ready on each device. */
final class Replicas {
    private Replicas() {}

    static List<Replica> create(RunSpec spec) {
        DecoderConfig config = DecoderConfig.read(spec.modelDirectory());
        requireFitting(spec, config);
        List<Replica> replicas = new ArrayList<>();
        try {
            for (Compute compute : Compute.several(spec.options().execution().replicas())) {
                replicas.add(create(compute, config, spec));
            }
            return replicas;
        } catch (RuntimeException e) {
            replicas.forEach(Replica::close);
            throw e;
        }
    }

    private static void requireFitting(RunSpec spec, DecoderConfig config) {
        int wanted = spec.options().maxSequenceLength();
        if (wanted > config.positions()) {
            throw new EngineException(
                    Kind.INVALID_SPEC,
                    "max_sequence_length is %d; the model has %d positions.".formatted(wanted, config.positions()));
        }
        boolean whole = spec.adapter() instanceof AdapterSpec.FullParameters;
        if (whole && spec.options().precision() != RunSpec.Precision.F32) {
            throw new EngineException(
                    Kind.INVALID_SPEC, "Precision bf16 is for a frozen base; training every weight needs f32.");
        }
        if (spec.initialAdapter() != null) {
            WarmStart.requireFitting(spec.initialAdapter(), spec.adapter(), config);
        }
    }

    private static Replica create(Compute compute, DecoderConfig config, RunSpec spec) {
        Decoder decoder = decoder(compute, config, spec);
        return new Replica(compute, decoder, adapter(compute, decoder, spec), spec);
    }

    /** The directory's weights, or, where it has none and all are trained, new ones: that is pretraining. */
    private static Decoder decoder(Compute compute, DecoderConfig config, RunSpec spec) {
        Path directory = spec.modelDirectory();
        if (spec.adapter() instanceof AdapterSpec.FullParameters && !WeightFiles.presentIn(directory)) {
            return Decoder.initialise(compute, config, spec.seed());
        }
        return Decoder.load(compute, directory, format(spec));
    }

    /** Of the base's matrices. */
    static NumberFormat format(RunSpec spec) {
        return switch (spec.options().precision()) {
            case F32 -> NumberFormat.F32;
            case BF16 -> NumberFormat.BF16;
        };
    }

    static Adapter adapter(Compute compute, Decoder decoder, RunSpec spec) {
        if (spec.adapter() instanceof AdapterSpec.FullParameters) {
            return Adapter.none(compute, decoder);
        }
        return spec.initialAdapter() == null
                ? Adapter.initialise(compute, decoder, spec.adapter(), spec.seed())
                : Adapter.load(compute, decoder, spec.initialAdapter(), spec.adapter());
    }
}
