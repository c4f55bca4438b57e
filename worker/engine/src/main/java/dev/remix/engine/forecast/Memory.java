package dev.remix.engine.forecast;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Memory of a run at its highest, by part.
 *
 * @param bytes of each part at that moment
 */
public record Memory(Map<Part, Long> bytes) {
    /** What takes memory. */
    public enum Part {
        /** The process itself: Java, libtorch, its scripts. */
        RUNTIME("program"),
        BASE("base weights"),
        FILES("weights' files while they are read"),
        TABLES("rotary tables"),
        TRAINED("adapters"),
        GRADIENTS("gradients"),
        MOMENTS("optimizer"),
        ACTIVATIONS("activations"),
        HEAD("head"),
        TRANSIENT("intermediate results"),
        /** Holes between arrays, which the C library keeps for later. */
        ALLOCATOR("allocator");

        private final String words;

        Part(String words) {
            this.words = words;
        }
    }

    public Memory {
        bytes = Collections.unmodifiableMap(new EnumMap<>(bytes));
    }

    public long peak() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Its largest parts: "base weights 1.2 GiB, activations 0.9 GiB, …". */
    String largest() {
        return bytes.entrySet().stream()
                .sorted(Map.Entry.<Part, Long>comparingByValue().reversed())
                .limit(3)
                .map(entry -> entry.getKey().words + " " + inWords(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    static Memory highest(List<Memory> moments) {
        return moments.stream().reduce((a, b) -> a.peak() >= b.peak() ? a : b).orElseThrow();
    }

    static String inWords(long bytes) {
        double gib = bytes / (double) (1L << 30);
        return gib >= 1
                ? String.format(Locale.ROOT, "%.1f GiB", gib)
                : String.format(Locale.ROOT, "%.0f MiB", bytes / (double) (1L << 20));
    }
}
