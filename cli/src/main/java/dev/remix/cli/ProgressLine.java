package dev.remix.cli;

import java.io.PrintStream;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A job's progress: one line that is rewritten in a terminal, a new line every tenth of the way elsewhere. */
final class ProgressLine {
    private static final int BAR = 24;

    private final PrintStream out;
    private final boolean terminal;
    private int lastTenth = -1;
    private String lastPhase = "";

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(JsonNode job) {
        JsonNode progress = job.path("progress");
        int step = progress.path("step").asInt(0);
        String phase = step == 0 ? waiting(job) : "";
        if (terminal) {
            out.print("\r\033[K  " + (step == 0 ? phase : line(progress)));
            out.flush();
        } else if (step == 0 && !phase.equals(lastPhase)) {
            lastPhase = phase;
            out.println("  " + phase);
        } else if (step > 0 && tenth(progress) > lastTenth) {
            lastTenth = tenth(progress);
            out.println("  " + line(progress));
        }
    }

    void finish(JsonNode job) {
        JsonNode progress = job.path("progress");
        if (terminal) {
            out.println("\r\033[K  " + line(progress));
        } else if (tenth(progress) > lastTenth) {
            out.println("  " + line(progress));
        }
        lastTenth = -1;
        lastPhase = "";
    }

    static String line(JsonNode progress) {
        double percent = progress.path("percent").asDouble(0);
        int filled = (int) Math.round(percent / 100 * BAR);
        String bar = "█".repeat(filled) + "░".repeat(BAR - filled);
        String effective = progress.path("effective_loras").isNumber()
                ? String.format(
                        Locale.ROOT,
                        "  effective LoRAs %.2f",
                        progress.path("effective_loras").asDouble())
                : "";
        return String.format(
                Locale.ROOT,
                "step %d/%d %s %3.0f %%  loss %.3f  %,.0f tokens/s%s  ETA %s",
                progress.path("step").asInt(0),
                progress.path("total_steps").asInt(0),
                bar,
                percent,
                progress.path("loss").asDouble(Double.NaN),
                progress.path("tokens_per_second").asDouble(0),
                effective,
                clock(progress.path("eta_seconds").asLong(0)));
    }

    private static String waiting(JsonNode job) {
        String status = job.path("status").asString("");
        return switch (status) {
            case "running" -> "worker: loading the model and evaluating it untouched …";
            case "queued" -> "queued: starting a worker process …";
            default -> status + " …";
        };
    }

    private static int tenth(JsonNode progress) {
        return (int) (progress.path("percent").asDouble(0) / 10);
    }

    private static String clock(long seconds) {
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
