package dev.remix.engine.adapter;

import dev.remix.engine.files.ForeignDirectory;
import dev.remix.engine.fuzz.Foreign;

/** Fuzz target: adapter_config.json. */
public final class AdapterConfigTarget {
    private AdapterConfigTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.read(() -> AdapterConfig.fromJson(ForeignDirectory.parse("adapter_config.json", input)));
    }
}
