package dev.remix.cli;

import java.io.Console;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a demo run says to the person in front of it. */
final class DemoReport {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private final PrintStream out;
    private final ProgressLine progress;

    DemoReport(PrintStream out) {
        this.out = out;
        this.progress = new ProgressLine(
                out,
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
    }

    ProgressLine progress() {
        return progress;
    }

    void starting(Path data) {
        out.println("Starting the service on its embedded PostgreSQL in " + data + " …");
    }

    void ready(URI url) {
        out.println("Service on " + url + " (its documentation: " + url + "/docs)");
    }

    void uploaded(String name, JsonNode file) {
        out.printf(
                Locale.ROOT,
                "Uploaded %-17s %,9d bytes  %s%n",
                name,
                file.path("bytes").asLong(),
                file.path("id").asString());
    }

    void created(String label, JsonNode job) {
        JsonNode adapter = job.path("adapter");
        String shape = adapter.path("type").asString().equals("remix")
                ? "%d LoRAs of rank %d, %d active, %d draws, %s routing"
                        .formatted(
                                adapter.path("loras").asInt(),
                                adapter.path("rank").asInt(),
                                adapter.path("active").asInt(),
                                adapter.path("draws").asInt(),
                                adapter.path("routing").asString())
                : "one LoRA of rank " + adapter.path("rank").asInt();
        out.printf(
                "%nTraining %s on %s: %s (job %s)%n",
                label, job.path("model").asString(), shape, job.path("id").asString());
    }

    void result(DemoResult result, JsonNode job) {
        out.println();
        for (DemoResult.Check check : result.checks()) {
            out.printf("%s %s: %s%n", check.held() ? "✔" : "✘", check.promise(), check.measured());
        }
        out.printf(
                Locale.ROOT,
                "  %d steps in %.0f s of training, %,.0f tokens/s%n",
                result.steps(),
                result.trainingSeconds(),
                result.tokensPerSecond());
        balance(job.path("result").path("routing"));
        samples(job.path("result").path("samples"));
    }

    void comparison(JsonNode remix, JsonNode lora, JsonNode untrained) {
        out.printf(
                "%nThe same data, steps and activated adapter parameters (one seed: differences of a few points are noise)%n");
        out.printf("  %-28s %12s %12s %10s%n", "", "exact match", "test loss", "seconds");
        JsonNode base = remix.path("result").path("metrics");
        out.printf(
                Locale.ROOT,
                "  %-28s %10.1f %% %12.3f %10s%n",
                "base model, untouched",
                100 * DemoResult.number(base, "exact_match_base"),
                DemoResult.number(base, "test_loss_base"),
                "");
        compared("ReMix, learned routing", remix);
        compared("ReMix, untrained router", untrained);
        compared("LoRA of rank K·R", lora);
    }

    void closing(DemoResult result, Path data, boolean kept) {
        out.printf("%nAdapter   %s%n", result.adapter().weights());
        out.println("Try next");
        if (kept) {
            out.println("  ./remix serve --data-dir " + data
                    + "     the same service with this job in it; then open /docs");
        } else {
            out.println(
                    "  ./remix demo --keep        keeps the service's database, so that ./remix serve finds the job again");
        }
        out.println(
                "  ./remix demo --compare     LoRA at equal activated parameters and an untrained router beside it");
        out.println("  ./remix serve              a service to send your own data to: README.md, \"Use it over HTTP\"");
        if (!result.held()) {
            out.printf("%nThis run did not keep every promise of the demo (see ✘ above).%n");
        }
    }

    private void compared(String label, JsonNode job) {
        JsonNode metrics = job.path("result").path("metrics");
        out.printf(
                Locale.ROOT,
                "  %-28s %10.1f %% %12.3f %10.0f%n",
                label,
                100 * DemoResult.number(metrics, "exact_match_finetuned"),
                DemoResult.number(metrics, "test_loss_finetuned"),
                DemoResult.number(metrics, "training_seconds"));
    }

    private void balance(JsonNode routing) {
        out.printf("%nRouting balance, last step%n");
        out.printf(
                "  %-14s %8s %8s   %-10s %8s %8s %11s%n",
                "site", "applied", "policy", "load", "max/mean", "subsets", "top-K mass");
        for (JsonNode site : routing.path("sites")) {
            out.printf(
                    Locale.ROOT,
                    "  %-14s %8.2f %8.2f   %-10s %8.2f %8d %11.2f%n",
                    site.path("site").asString(),
                    site.path("applied_effective_loras_min").asDouble(),
                    site.path("policy_effective_loras").asDouble(),
                    bars(site.path("load")),
                    maxOverMean(site.path("load")),
                    site.path("distinct_subsets").asInt(),
                    site.path("top_k_mass").asDouble());
        }
        out.println(
                "  (applied, policy: effective number of LoRAs; load: share of the selections that went to each LoRA)");
        JsonNode forced = routing.path("forced_routing");
        if (forced.isObject()) {
            out.printf(
                    Locale.ROOT,
                    "  held-out loss with the learned routing %.3f, with its one most frequent subset %.3f, with random subsets %.3f%n",
                    forced.path("policy_loss").asDouble(),
                    forced.path("modal_loss").asDouble(),
                    forced.path("uniform_loss").asDouble());
        }
    }

    private void samples(JsonNode samples) {
        out.printf("%nThree held-out examples%n");
        int shown = 0;
        for (JsonNode sample : samples) {
            if (shown++ == 3) {
                break;
            }
            out.printf(
                    "  asked     %s%n  expected  %s%n  before    %s%n  after     %s%n%n",
                    oneLine(sample.path("prompt").asString()),
                    oneLine(sample.path("expected").asString()),
                    oneLine(sample.path("before").asString()),
                    oneLine(sample.path("after").asString()));
        }
    }

    /** The fullest LoRA has the highest bar; an unused one has none. */
    private static String bars(JsonNode load) {
        double max = 0;
        for (JsonNode share : load) {
            max = Math.max(max, share.asDouble());
        }
        StringBuilder bars = new StringBuilder();
        for (JsonNode share : load) {
            bars.append(
                    share.asDouble() == 0
                            ? ' '
                            : BARS.charAt((int) Math.round(share.asDouble() / max * (BARS.length() - 1))));
        }
        return bars.toString();
    }

    private static double maxOverMean(JsonNode load) {
        double max = 0;
        double sum = 0;
        for (JsonNode share : load) {
            max = Math.max(max, share.asDouble());
            sum += share.asDouble();
        }
        return max * load.size() / sum;
    }

    private static String oneLine(String text) {
        return text.replace("\n", "⏎");
    }
}
