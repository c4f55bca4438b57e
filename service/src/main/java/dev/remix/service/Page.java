package dev.remix.service;

import java.util.List;
import java.util.function.Function;

/** A stretch of a list that is ordered by identifier, and whether more comes after it. */
public record Page<T>(List<T> items, boolean hasMore) {
    public Page {
        items = List.copyOf(items);
    }

    /** From a query that was asked for one row more than {@code limit}. */
    public static <T> Page<T> of(List<T> oneMore, int limit) {
        boolean hasMore = oneMore.size() > limit;
        return new Page<>(hasMore ? oneMore.subList(0, limit) : oneMore, hasMore);
    }

    public <R> Page<R> map(Function<T, R> change) {
        return new Page<>(items.stream().map(change).toList(), hasMore);
    }
}
