package dev.remix.engine.adapter;

import dev.remix.engine.fuzz.Foreign;

/** Fuzz target: adapter_config.json. */
public final class AdapterConfigTarget {
    private AdapterConfigTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.file("adapter_config.json", input, AdapterFiles::readSpec);
    }
}
