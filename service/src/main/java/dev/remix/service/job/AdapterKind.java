package dev.remix.service.job;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of adapter there are, by what each of them has to decide. */
enum AdapterKind {
    REMIX,
    LORA,
    RSLORA,
    DORA,
    MIXLORA,
    HYDRALORA,
    SOFTMIX;

    /** What only some kinds have, and fields of a request with it. */
    enum Trait {
        /** Several LoRAs, and routers over them. */
        ROUTED,
        /** Only some of the LoRAs are applied to an input. */
        SELECTIVE,
        /** Selections are drawn, and the routers learn from the draws' losses. */
        DRAWN,
        /** Uneven use of the LoRAs costs something. */
        BALANCED
    }

    static AdapterKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    boolean has(Trait trait) {
        return traits().contains(trait);
    }

    private Set<Trait> traits() {
        return switch (this) {
            case LORA, RSLORA, DORA -> Set.of();
            case HYDRALORA, SOFTMIX -> Set.of(Trait.ROUTED);
            case MIXLORA -> Set.of(Trait.ROUTED, Trait.SELECTIVE, Trait.BALANCED);
            case REMIX -> Set.of(Trait.ROUTED, Trait.SELECTIVE, Trait.DRAWN);
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(AdapterKind::word).toList();
    }

    /** The words of those that have it, as a sentence lists them. */
    static String wordsWith(Trait trait) {
        return Arrays.stream(values())
                .filter(kind -> kind.has(trait))
                .map(AdapterKind::word)
                .collect(Collectors.joining(", "));
    }

    /** The kinds whose adapter is always scaled alike have that in their name. */
    String defaultScaling() {
        return this == REMIX || this == RSLORA ? JobVocabulary.RSLORA : JobVocabulary.LORA;
    }

    double defaultAlpha() {
        return this == REMIX ? Defaults.REMIX_ALPHA : Defaults.LORA_ALPHA;
    }
}
