package dev.remix.engine.fuzz;

import dev.remix.engine.adapter.AdapterConfigTarget;
import dev.remix.engine.decoder.DecoderConfigTarget;
import dev.remix.engine.text.ChatFileTarget;
import dev.remix.engine.text.ChatTemplateTarget;
import dev.remix.engine.weights.SafetensorsTarget;
import dev.remix.engine.weights.ShardIndexTarget;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** Every reader that is fuzzed. */
enum Target {
    SAFETENSORS(SafetensorsTarget.class, SafetensorsTarget::fuzzerTestOneInput),
    SHARD_INDEX(ShardIndexTarget.class, ShardIndexTarget::fuzzerTestOneInput),
    DECODER_CONFIG(DecoderConfigTarget.class, DecoderConfigTarget::fuzzerTestOneInput),
    ADAPTER_CONFIG(AdapterConfigTarget.class, AdapterConfigTarget::fuzzerTestOneInput),
    CHAT_TEMPLATE(ChatTemplateTarget.class, ChatTemplateTarget::fuzzerTestOneInput),
    CHAT_FILE(ChatFileTarget.class, ChatFileTarget::fuzzerTestOneInput);

    private final Class<?> type;

    @SuppressWarnings("ImmutableEnumChecker") // A reference to a static method has no state.
    private final Consumer<byte[]> reader;

    Target(Class<?> type, Consumer<byte[]> reader) {
        this.type = type;
        this.reader = reader;
    }

    String className() {
        return type.getName();
    }

    void read(byte[] input) {
        reader.accept(input);
    }

    String directory() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Inputs to begin with: sound ones, and whatever was a finding once. */
    Path seeds() {
        return Path.of("src/test/resources/fuzz", directory()).toAbsolutePath();
    }
}
