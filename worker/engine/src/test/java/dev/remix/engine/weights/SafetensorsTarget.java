package dev.remix.engine.weights;

import dev.remix.engine.fuzz.Foreign;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Fuzz target: bytes that call themselves safetensors, every tensor of them read. */
public final class SafetensorsTarget {
    private SafetensorsTarget() {}

    @SuppressWarnings("MustBeClosedChecker") // The file closes its arena.
    public static void fuzzerTestOneInput(byte[] input) {
        Foreign.read(() -> {
            MemorySegment whole = MemorySegment.ofArray(input);
            try (SafetensorsFile file = new SafetensorsFile("x.safetensors", Arena.ofConfined(), whole)) {
                file.readAll();
                file.names().forEach(tensor -> file.find(tensor).orElseThrow().requireFinite());
                file.requireSeal();
            }
        });
    }
}
