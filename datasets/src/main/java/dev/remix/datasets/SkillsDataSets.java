package dev.remix.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Re-makes the sample data set: the same seed gives the same bytes. */
@Command(
        name = "datasets",
        mixinStandardHelpOptions = true,
        description = "Writes train.jsonl, validation.jsonl and test.jsonl of the held-out skills.")
public final class SkillsDataSets implements Callable<Integer> {
    @Option(
            names = "--out",
            defaultValue = "${env:REMIX_HOME:-.}/datasets/skills",
            description = "Directory (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("datasets/skills");

    @Option(names = "--seed", defaultValue = "" + SkillFiles.SEED, description = "Seed (default: ${DEFAULT-VALUE}).")
    private long seed = SkillFiles.SEED;

    @Override
    public Integer call() throws IOException {
        SkillFiles.write(out, seed);
        return 0;
    }

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SkillsDataSets()).execute(args));
    }
}
