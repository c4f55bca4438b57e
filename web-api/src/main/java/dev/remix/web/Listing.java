package dev.remix.web;

import dev.remix.service.Page;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stretch of a list; the next one is asked for with {@code after=<last_id>}. */
public record Listing<T>(
        String object,
        List<T> data,
        @Nullable String firstId,
        @Nullable String lastId,
        boolean hasMore) {
    public Listing {
        data = List.copyOf(data);
    }

    public static <T> Listing<T> of(Page<T> page, Function<T, String> id) {
        List<T> items = page.items();
        return new Listing<>(
                "list",
                items,
                items.isEmpty() ? null : id.apply(items.getFirst()),
                items.isEmpty() ? null : id.apply(items.getLast()),
                page.hasMore());
    }
}
