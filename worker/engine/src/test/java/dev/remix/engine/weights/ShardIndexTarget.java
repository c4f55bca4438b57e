package dev.remix.engine.weights;

import dev.remix.engine.files.ForeignDirectory;
import dev.remix.engine.fuzz.Foreign;

/** Fuzz target: an index of shards. */
public final class ShardIndexTarget {
    private ShardIndexTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.read(() ->
                ShardIndex.of(ForeignDirectory.parse(ShardIndex.NAME, input)).shards());
    }
}
