package dev.remix.engine.train;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.Adapter;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.device.Compute;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.WeightFiles;
import java.nio.file.Path;

/** What a specification trains, made ready. */
final class Trainees {
    private Trainees() {}

    static Trainee create(Compute compute, RunSpec spec) {
        return switch (spec.adapter()) {
            case AdapterSpec.FullParameters full ->
                new FullTrainee(compute, wholeDecoder(compute, spec), spec.options());
            case AdapterSpec.Lora lora -> {
                Decoder decoder = frozenDecoder(compute, spec);
                yield new LoraTrainee(compute, decoder, adapter(compute, spec, decoder), spec.options());
            }
            case AdapterSpec.Remix remix -> {
                Decoder decoder = frozenDecoder(compute, spec);
                Adapter adapter = adapter(compute, spec, decoder);
                yield new RemixTrainee(compute, decoder, adapter, remix, spec.options(), spec.seed());
            }
        };
    }

    private static Decoder frozenDecoder(Compute compute, RunSpec spec) {
        requirePositions(spec, DecoderConfig.read(spec.modelDirectory()));
        NumberFormat format = switch (spec.options().precision()) {
            case F32 -> NumberFormat.F32;
            case BF16 -> NumberFormat.BF16;
        };
        return Decoder.load(compute, spec.modelDirectory(), format);
    }

    /** The directory's weights, or, where it has none, new ones: that is pretraining. */
    private static Decoder wholeDecoder(Compute compute, RunSpec spec) {
        Path directory = spec.modelDirectory();
        DecoderConfig config = DecoderConfig.read(directory);
        requirePositions(spec, config);
        if (spec.options().precision() != RunSpec.Precision.F32) {
            throw new EngineException(
                    Kind.INVALID_SPEC, "Precision bf16 is for a frozen base; training every weight needs f32.");
        }
        return WeightFiles.presentIn(directory)
                ? Decoder.load(compute, directory, NumberFormat.F32)
                : Decoder.initialise(compute, config, spec.seed());
    }

    private static void requirePositions(RunSpec spec, DecoderConfig config) {
        int wanted = spec.options().maxSequenceLength();
        if (wanted > config.positions()) {
            throw new EngineException(
                    Kind.INVALID_SPEC,
                    "max_sequence_length is %d; the model has %d positions.".formatted(wanted, config.positions()));
        }
    }

    private static Adapter adapter(Compute compute, RunSpec spec, Decoder decoder) {
        return Adapter.initialise(compute, decoder.config(), spec.adapter(), spec.seed());
    }
}
