package dev.remix.engine.decoder;

import dev.remix.engine.files.ForeignDirectory;
import dev.remix.engine.fuzz.Foreign;

/** Fuzz target: config.json, and the tensors that a model of it would have. */
public final class DecoderConfigTarget {
    private DecoderConfigTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.read(() -> {
            ConfigJson json = new ConfigJson(ForeignDirectory.parse("config.json", input));
            new DecoderTensors(FamilyConfig.read(json)).shapes();
        });
    }
}
