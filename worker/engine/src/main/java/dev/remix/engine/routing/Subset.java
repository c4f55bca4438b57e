package dev.remix.engine.routing;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The LoRAs of one selection, whatever the order in which they were drawn.
 *
 * @param loras indices in the pool, ascending
 */
public record Subset(List<Integer> loras) implements Comparable<Subset> {
    public Subset {
        loras = List.copyOf(loras);
        if (loras.isEmpty() || loras.getFirst() < 0) {
            throw new IllegalArgumentException("A subset holds at least one LoRA, numbered from 0: " + loras);
        }
        for (int i = 1; i < loras.size(); i++) {
            if (loras.get(i - 1) >= loras.get(i)) {
                throw new IllegalArgumentException("A subset's LoRAs ascend without repetition: " + loras);
            }
        }
    }

    public static Subset of(Integer... loras) {
        return new Subset(List.of(loras));
    }

    public int size() {
        return loras.size();
    }

    /** Lexicographic, among subsets of one size. */
    @Override
    public int compareTo(Subset other) {
        return IntStream.range(0, Math.min(size(), other.size()))
                .map(i -> Integer.compare(loras.get(i), other.loras.get(i)))
                .filter(order -> order != 0)
                .findFirst()
                .orElse(Integer.compare(size(), other.size()));
    }
}
