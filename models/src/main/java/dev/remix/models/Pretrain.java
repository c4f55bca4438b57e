package dev.remix.models;

import dev.remix.datasets.Skills;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.text.ChatTokenizer;
import dev.remix.engine.train.EvaluationReport;
import dev.remix.engine.train.FineTuning;
import dev.remix.engine.train.RunControl.Signal;
import dev.remix.engine.train.RunListener;
import dev.remix.engine.train.RunOutcome;
import dev.remix.engine.train.RunSpec;
import dev.remix.engine.train.StepReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes {@code models/remix-tiny} from its configuration and a seed: trains it, measures it, writes weights and card. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = "Trains the tiny base model from nothing on the skills' corpus, which is made as it is read.")
public final class Pretrain implements Callable<Integer> {
    /** What makes an untrained model out of a directory: everything but weights. */
    private static final List<String> CONFIGURATION =
            List.of("config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json");

    @Option(
            names = "--out",
            defaultValue = "${env:REMIX_HOME:-.}/models/remix-tiny",
            description =
                    "The model's directory, which has its configuration and gets its weights (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("models/remix-tiny");

    @Option(names = "--seed", defaultValue = "1", description = "Of weights and corpus (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--steps", defaultValue = "7000", description = "Optimizer steps (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--batch", defaultValue = "32", description = "Exercises in a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--learning-rate",
            defaultValue = "1.5e-3",
            description =
                    "Peak, after a warm-up over 5 %% of the steps and before half a cosine (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--weight-decay",
            defaultValue = "0.01",
            description = "Of AdamW, on matrices (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(
            names = "--exercises-per-skill",
            defaultValue = "200",
            description = "Fresh exercises that each skill's accuracy is measured on (default: ${DEFAULT-VALUE}).")
    private int exercisesPerSkill;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Path untrained = Files.createTempDirectory("remix-pretrain");
        for (String file : CONFIGURATION) {
            Files.copy(out.resolve(file), untrained.resolve(file));
        }
        RunOutcome.Finished trained = train(untrained);
        Files.copy(
                trained.adapterDirectory().resolve("model.safetensors"),
                out.resolve("model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        SkillAccuracy accuracy = new SkillAccuracy(exercisesPerSkill, seed);
        ModelCard card = new ModelCard(
                seed,
                String.join(" ", command.commandLine().getParseResult().originalArgs()),
                trained,
                accuracy.of(out, Skills.base()),
                accuracy.of(out, Skills.heldOut()),
                exercisesPerSkill);
        Files.writeString(out.resolve("README.md"), card.text());
        output().print(card.table());
        output().flush();
        return 0;
    }

    private RunOutcome.Finished train(Path untrained) {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(untrained)) {
            RunOutcome outcome = FineTuning.run(
                    specification(untrained),
                    new CorpusBatches(Skills.base(), tokenizer, batch, steps, seed),
                    List.of(),
                    untrained,
                    new ProgressLines(output()),
                    () -> Signal.CONTINUE);
            return switch (outcome) {
                case RunOutcome.Finished finished -> finished;
                case RunOutcome.Stopped stopped -> throw new IllegalStateException("stopped at " + stopped.step());
            };
        }
    }

    private RunSpec specification(Path untrained) {
        RunSpec.Options options = new RunSpec.Options(
                1,
                steps,
                batch,
                learningRate,
                RunSpec.Schedule.COSINE,
                0.05,
                weightDecay,
                1.0,
                256,
                RunSpec.Precision.F32,
                steps,
                steps,
                1);
        return new RunSpec(untrained, untrained, null, null, seed, new AdapterSpec.FullParameters(), options);
    }

    private PrintWriter output() {
        return command.commandLine().getOut();
    }

    /** One line for every hundred steps. */
    private static final class ProgressLines implements RunListener {
        private final PrintWriter out;
        private double loss;
        private double seconds;
        private long tokens;

        ProgressLines(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void onStep(StepReport report) {
            loss += report.loss();
            seconds += report.seconds();
            tokens += report.tokens();
            if (report.step() % 100 == 0) {
                out.printf(
                        "step %d/%d  loss %.4f  %.0f ms a step  %.0f tokens/s%n",
                        report.step(), report.totalSteps(), loss / 100, 10 * seconds, tokens / seconds);
                out.flush();
                loss = 0;
                seconds = 0;
                tokens = 0;
            }
        }

        @Override
        public void onPhase(Phase phase) {}

        @Override
        public void onEvaluation(EvaluationReport report) {}

        @Override
        public void onCheckpoint(int step, Path file) {}
    }

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Pretrain()).execute(args));
    }
}
