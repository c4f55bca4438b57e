package dev.remix.models;

import dev.remix.engine.train.EvaluationReport;
import dev.remix.engine.train.FineTuning;
import dev.remix.engine.train.RunControl.Signal;
import dev.remix.engine.train.RunListener;
import dev.remix.engine.train.RunOutcome;
import dev.remix.engine.train.StepReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a job and its rivals on the same data, budget and seeds, without a service: how the demo's recipe was found. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description =
                "Trains a job's adapter, the same with an untrained router, and a LoRA of equal activated parameters.")
public final class Study implements Callable<Integer> {
    @Option(names = "--model", defaultValue = "${env:REMIX_HOME:-.}/models/remix-tiny", description = "Base model.")
    private Path model = Path.of("models/remix-tiny");

    @Option(names = "--data", defaultValue = "${env:REMIX_HOME:-.}/datasets/skills", description = "Data set.")
    private Path data = Path.of("datasets/skills");

    @Option(
            names = "--job",
            defaultValue = "${env:REMIX_HOME:-.}/datasets/skills/demo-job.json",
            description = "Body of the job (default: ${DEFAULT-VALUE}).")
    private Path job = Path.of("datasets/skills/demo-job.json");

    @Option(names = "--set", description = "Members of the body to change, as training.learning_rate=0.02.")
    private Map<String, String> changes = Map.of();

    @Option(
            names = "--kinds",
            split = ",",
            defaultValue = "REMIX,UNTRAINED_ROUTER,LORA",
            description = "Of ${COMPLETION-CANDIDATES} (default: all).")
    private List<StudyKind> kinds = List.of(StudyKind.values());

    @Option(names = "--seeds", split = ",", defaultValue = "7", description = "Seeds (default: ${DEFAULT-VALUE}).")
    private List<Long> seeds = List.of(7L);

    @Option(names = "--per-skill", description = "After each run the exact match of each held-out skill.")
    private boolean perSkill;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        StudyJob studied = StudyJob.read(job);
        for (Map.Entry<String, String> change : changes.entrySet()) {
            studied = studied.with(change.getKey(), change.getValue());
        }
        print(
                "| kind | seed | exact match before | after | loss first | last | test loss after | policy / modal / uniform loss"
                        + " | ms a step | seconds |");
        print("|---|---|---|---|---|---|---|---|---|---|");
        for (long seed : seeds) {
            for (StudyKind kind : kinds) {
                RunOutcome.Finished finished = run(studied, kind, seed);
                print(row(kind, seed, finished));
                if (perSkill) {
                    HeldOutAccuracy.of(model, finished.adapterDirectory(), data.resolve("test.jsonl"))
                            .forEach((skill, share) ->
                                    print(String.format(Locale.ROOT, "%-14s %5.1f %%", skill, 100 * share)));
                }
            }
        }
        return 0;
    }

    private RunOutcome.Finished run(StudyJob studied, StudyKind kind, long seed) throws IOException {
        Path work = Files.createTempDirectory("remix-study");
        RunOutcome outcome = FineTuning.run(
                studied.run(model, data, seed, kind), List.of(), work, new Silence(), () -> Signal.CONTINUE);
        return switch (outcome) {
            case RunOutcome.Finished finished -> finished;
            case RunOutcome.Stopped stopped -> throw new IllegalStateException("stopped at " + stopped.step());
        };
    }

    private static String row(StudyKind kind, long seed, RunOutcome.Finished run) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s | %.3f | %.3f | %s | %s | %.0f | %.1f |",
                kind,
                seed,
                exactMatch(run.before()),
                exactMatch(run.after()),
                run.lossFirst(),
                run.lossLast(),
                run.after() == null
                        ? ""
                        : String.format(Locale.ROOT, "%.3f", run.after().loss()),
                forced(run.forcedRouting()),
                1000 * run.trainingSeconds() / run.steps(),
                run.trainingSeconds());
    }

    private static String exactMatch(@Nullable EvaluationReport report) {
        return report == null || report.exactMatch() == null
                ? ""
                : String.format(Locale.ROOT, "%.4f", report.exactMatch());
    }

    private static String forced(RunOutcome.@Nullable ForcedRouting routing) {
        return routing == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.3f / %.3f / %.3f",
                        routing.policyLoss(),
                        routing.modalLoss(),
                        routing.uniformLoss());
    }

    private void print(String line) {
        PrintWriter out = command.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    /** The outcome says it all. */
    private static final class Silence implements RunListener {
        @Override
        public void onPhase(Phase phase) {}

        @Override
        public void onStep(StepReport report) {}

        @Override
        public void onEvaluation(EvaluationReport report) {}

        @Override
        public void onCheckpoint(int step, Path file) {}
    }

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Study()).execute(args));
    }
}
