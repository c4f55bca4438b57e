package dev.remix.bench.work;

import java.util.Locale;

/**
 * What is trained, and how; LoRAs stand on the three projections of each feed-forward.
 *
 * @param draws M; 1 where nothing is drawn
 */
public record Task(Kind kind, Precision precision, int draws, Routing routing, Gradient gradient) {
    /** Rank of a plain LoRA, and the ranks that are active in a mixture: the budgets match. */
    public static final int RANK = 16;

    public static final int LORAS = 8;
    public static final int ACTIVE = 2;
    public static final double ALPHA = 2;

    /** What the engine trains. */
    public enum Kind {
        LORA,
        RSLORA,
        DORA,
        REMIX,
        MIXLORA,
        HYDRALORA,
        SOFTMIX,
        FULL;

        /** Whether a router weighs several LoRAs. */
        public boolean routed() {
            return switch (this) {
                case LORA, RSLORA, DORA, FULL -> false;
                case REMIX, MIXLORA, HYDRALORA, SOFTMIX -> true;
            };
        }
    }

    /** Number format of the frozen base and its products. */
    public enum Precision {
        F32,
        BF16
    }

    /** What is weighed for: nothing, each sequence, or each position. */
    public enum Routing {
        NONE,
        SEQUENCE,
        TOKEN
    }

    /** Draws that the adapters' gradient is the mean of: all of them, or one. */
    public enum Gradient {
        MEAN,
        SINGLE
    }

    public Task {
        if ((kind == Kind.REMIX) != (draws > 1) || kind.routed() != (routing != Routing.NONE)) {
            throw new IllegalArgumentException(kind + " with " + draws + " draws and routing " + routing);
        }
    }

    /** A kind without routers. */
    public static Task plain(Kind kind, Precision precision) {
        return new Task(kind, precision, 1, Routing.NONE, Gradient.MEAN);
    }

    public static Task lora(Precision precision) {
        return plain(Kind.LORA, precision);
    }

    /** A mixture that draws nothing. */
    public static Task mixture(Kind kind, Precision precision, Routing routing) {
        return new Task(kind, precision, 1, routing, Gradient.MEAN);
    }

    public static Task remix(Precision precision, int draws, Routing routing, Gradient gradient) {
        return new Task(Kind.REMIX, precision, draws, routing, gradient);
    }

    /** Draws that a gradient is taken of. */
    public int backwards() {
        return gradient == Gradient.MEAN ? draws : 1;
    }

    /** Rank of one LoRA. */
    public int rank() {
        return kind.routed() ? RANK / ACTIVE : RANK;
    }

    /** Rows of A and columns of B, over all LoRAs of a projection, that its output depends on. */
    Ranks ranks() {
        int all = LORAS * rank();
        return switch (kind) {
            case LORA, RSLORA, DORA, REMIX, MIXLORA -> new Ranks(RANK, RANK);
            case HYDRALORA -> new Ranks(rank(), all);
            case SOFTMIX -> new Ranks(all, all);
            case FULL -> new Ranks(0, 0);
        };
    }

    record Ranks(int in, int out) {}

    /** {@code remix-bf16-m4-sequence-single}. */
    public String name() {
        String drawn = draws == 1 ? "" : "-m" + draws;
        String routed = routing == Routing.NONE ? "" : "-" + routing;
        return lower(kind + "-" + precision + drawn + routed + (gradient == Gradient.SINGLE ? "-single" : ""));
    }

    /** A constant's name as tables and options spell it. */
    public static String lower(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }
}
