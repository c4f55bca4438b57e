package dev.remix.bench.engine;

import dev.remix.bench.contest.Assignment;
import dev.remix.bench.work.Workload;
import dev.remix.engine.train.FineTuning;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The engine as a process that runs steps on command: one ordinary training run that is held between two steps. */
public final class EngineContestant {
    private EngineContestant() {}

    /** @param args the file with the {@link Assignment} */
    public static void main(String[] args) {
        PrintStream replies = System.out;
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Assignment assignment = Assignment.read(Path.of(args[0]));
        WorkloadBatches batches = new WorkloadBatches(Workload.read(Path.of(assignment.workload())));
        // Nothing is ever saved: a run here is abandoned.
        Path unwritten = Path.of(args[0]).resolveSibling("unwritten");
        Turns turns = new Turns(batches, commands, replies);
        FineTuning.run(
                EngineRun.of(assignment, batches.batchSize(), batches.longest()),
                batches,
                List.of(),
                unwritten,
                turns,
                turns);
    }
}
