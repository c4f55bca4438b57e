package dev.remix.web.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.remix.service.Page;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A list in OpenAI's shape; {@code last_id} is the {@code after} of the next one. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Listing<T>(
        String object,
        List<T> data,
        @Nullable String firstId,
        @Nullable String lastId,
        boolean hasMore) {

    static <T> Listing<T> of(Page<T> page, Function<T, String> id) {
        List<T> data = page.items();
        return new Listing<>(
                "list",
                data,
                data.isEmpty() ? null : id.apply(data.getFirst()),
                data.isEmpty() ? null : id.apply(data.getLast()),
                page.hasMore());
    }
}
