package dev.remix.bench;

import dev.remix.bench.contest.Contest;
import dev.remix.bench.contest.ContestException;
import dev.remix.bench.contest.Entrant;
import dev.remix.bench.contest.Launch;
import dev.remix.bench.contest.Result;
import dev.remix.bench.contest.Stage;
import dev.remix.bench.contest.Wire;
import dev.remix.bench.work.Flops;
import dev.remix.bench.work.RandomModel;
import dev.remix.bench.work.Shape;
import dev.remix.bench.work.Size;
import dev.remix.bench.work.Task;
import dev.remix.bench.work.Task.Gradient;
import dev.remix.bench.work.Task.Kind;
import dev.remix.bench.work.Task.Precision;
import dev.remix.bench.work.Task.Routing;
import dev.remix.bench.work.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whole training steps of the engine beside its peers in Python, all taking turns in one run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures whole training steps, and the same work by eager PyTorch and PEFT beside them.")
public final class Bench implements Callable<Integer> {
    private static final String NO_PYTHON = "none";

    @Option(names = "--kinds", split = ",", defaultValue = "LORA,REMIX", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Kind> kinds = List.of();

    @Option(names = "--sizes", split = ",", defaultValue = "tiny,small", description = "Of tiny, small (width 768).")
    private List<String> sizes = List.of();

    @Option(names = "--precision", split = ",", defaultValue = "BF16", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Precision> precisions = List.of();

    @Option(names = "--draws", split = ",", defaultValue = "2", description = "M of remix.")
    private List<Integer> draws = List.of();

    @Option(names = "--routing", split = ",", defaultValue = "SEQUENCE", description = "SEQUENCE, TOKEN.")
    private List<Routing> routings = List.of();

    @Option(names = "--gradient", split = ",", defaultValue = "MEAN", description = "Of ${COMPLETION-CANDIDATES}.")
    private List<Gradient> gradients = List.of();

    @Option(names = "--layers", defaultValue = "6", description = "Of size small.")
    private int layers;

    @Option(names = "--vocabulary", defaultValue = "8192", description = "Of size small.")
    private int vocabulary;

    @Option(names = "--batch-size", defaultValue = "8", description = "Examples a step.")
    private int batchSize;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds at most, after one to warm up.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "400", description = "After which no round of a size begins.")
    private int seconds;

    @Option(
            names = "--threads",
            description = "Of every contestant; default: one a core.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--seed", defaultValue = "1", description = "Of model, data and routing.")
    private long seed;

    @Option(
            names = "--python",
            description =
                    "Interpreter with torch, transformers and peft, or none; default: python3, where it has them.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private @Nullable String python;

    @Option(
            names = "--json",
            description = "Print the rows as JSON.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private boolean json;

    @Option(
            names = "--check",
            description = "Measure what has to hold at width 768; exit code 1 where it doesn't.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private boolean check;

    @Option(names = "--home", hidden = true, defaultValue = "${env:REMIX_HOME:-.}")
    private Path home = Path.of("");

    @Spec
    private CommandSpec command = CommandSpec.create();

    private final Machine machine = Machine.here();

    @Override
    public Integer call() throws IOException {
        Optional<Python> found = python();
        say("%s, %d threads".formatted(machine.processor(), threads));
        say(found.map(Python::versions)
                .orElse("no Python with torch, transformers and peft (--python names one): the engine's side alone"));
        try (Scratch scratch = new Scratch()) {
            return check ? check(scratch.directory(), found) : compare(scratch.directory(), found);
        }
    }

    private Optional<Python> python() {
        if (python == null) {
            return Python.find("python3");
        }
        if (python.equals(NO_PYTHON)) {
            return Optional.empty();
        }
        return Optional.of(Python.find(python)
                .orElseThrow(() -> new ContestException(
                        python + " has no torch, transformers and peft; see worker/bench/README.md.")));
    }

    private int compare(Path directory, Optional<Python> found) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String name : sizes) {
            Stage stage = stage(size(name), directory, found);
            List<Entrant> engines = tasks().stream().map(Entrant::engine).toList();
            Result result = run(stage, withPeers(engines, found.isPresent()));
            rows.addAll(rows(name, stage, engines, found.isPresent(), result));
        }
        print(json ? Wire.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows) : Table.of(rows));
        return 0;
    }

    private int check(Path directory, Optional<Python> found) throws IOException {
        Claims claims = new Claims(machine.bfloat16(), found.isPresent());
        Stage stage = stage(Size.small(batchSize), directory, found);
        Result result = run(stage, claims.entrants());
        List<Claim> measured = claims.of(result, Shape.read(stage.model()), stage.workload());
        print(Claim.table(measured));
        return measured.stream().allMatch(Claim::holds) ? 0 : 1;
    }

    private List<Task> tasks() {
        Set<Task> tasks = new LinkedHashSet<>();
        for (Precision precision : precisions) {
            for (Kind kind : kinds) {
                tasks.addAll(tasks(kind, precision));
            }
        }
        return List.copyOf(tasks);
    }

    private List<Task> tasks(Kind kind, Precision precision) {
        if (kind == Kind.REMIX) {
            return drawn(precision);
        }
        return kind.routed()
                ? routings.stream()
                        .map(routing -> Task.mixture(kind, precision, routing))
                        .toList()
                : List.of(Task.plain(kind, precision));
    }

    private List<Task> drawn(Precision precision) {
        return draws.stream()
                .flatMap(m -> routings.stream()
                        .flatMap(routing ->
                                gradients.stream().map(gradient -> Task.remix(precision, m, routing, gradient))))
                .toList();
    }

    private Size size(String name) {
        return switch (name) {
            case Size.TINY -> Size.tiny(batchSize);
            case Size.SMALL -> Size.small(batchSize);
            default -> throw new ContestException("There is no size " + name + "; there are tiny and small.");
        };
    }

    private Stage stage(Size size, Path directory, Optional<Python> found) throws IOException {
        Path own = Files.createDirectory(directory.resolve(size.name()));
        Path shipped = home.resolve("models/remix-tiny");
        Path model = shipped;
        if (!size.name().equals(Size.TINY)) {
            model = Size.model(own);
            RandomModel.write(model, Size.smallShape(layers, vocabulary), shipped, seed);
        }
        Launch launch = new Launch(
                home.resolve("worker/bench/peers"),
                found.map(Python::interpreter).orElse(""),
                threads,
                List.of());
        return new Stage(own, model, Workload.draw(size, Shape.read(model).vocabulary(), seed), launch, seed);
    }

    private static List<Entrant> withPeers(List<Entrant> engines, boolean peers) {
        List<Entrant> all = new ArrayList<>(engines);
        Set<String> names = new LinkedHashSet<>();
        engines.stream()
                .flatMap(engine -> peers ? engine.peers().stream() : Stream.empty())
                .filter(peer -> names.add(peer.name()))
                .forEach(all::add);
        return all;
    }

    private Result run(Stage stage, List<Entrant> entrants) {
        try (Contest contest = stage.open(entrants, this::say)) {
            return new Result(contest.run(rounds, Duration.ofSeconds(seconds), System::nanoTime));
        }
    }

    private static List<Row> rows(String size, Stage stage, List<Entrant> engines, boolean peers, Result result) {
        Shape shape = Shape.read(stage.model());
        List<Row> rows = new ArrayList<>();
        for (Entrant engine : engines) {
            double flops = new Flops(shape, engine.task()).of(stage.workload().examples());
            List<Entrant> beside = peers ? engine.peers() : List.of();
            beside.forEach(peer -> rows.add(Row.of(size, engine, peer, result, flops)));
            if (beside.isEmpty()) {
                rows.add(Row.of(size, engine, null, result, flops));
            }
        }
        return rows;
    }

    private void print(String text) {
        PrintWriter out = command.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    /** Beside the table, which may go to a program. */
    private void say(String text) {
        PrintWriter err = command.commandLine().getErr();
        err.println(text);
        err.flush();
    }

    /** The command, ready to be executed. */
    static CommandLine command() {
        CommandLine bench = new CommandLine(new Bench());
        bench.setCaseInsensitiveEnumValuesAllowed(true);
        bench.setExecutionExceptionHandler((e, commandLine, parsed) -> {
            if (e instanceof ContestException) {
                commandLine.getErr().println("remix bench: " + e.getMessage());
                return 1;
            }
            throw e;
        });
        return bench;
    }

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(command().execute(args));
    }
}
