package dev.remix.bench.engine;

import dev.remix.bench.contest.Block;
import dev.remix.bench.contest.Wire;
import dev.remix.engine.train.EvaluationReport;
import dev.remix.engine.train.RunControl;
import dev.remix.engine.train.RunListener;
import dev.remix.engine.train.StepReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds a run between two steps until the harness asks for more. The run's own thread waits here, so nothing computes
 * meanwhile.
 */
final class Turns implements RunListener, RunControl {
    private final WorkloadBatches batches;
    private final BufferedReader commands;
    private final PrintStream replies;
    private final List<Block.Step> steps = new ArrayList<>();
    private int due;
    private long begin;
    private Duration cpu = Duration.ZERO;

    Turns(WorkloadBatches batches, BufferedReader commands, PrintStream replies) {
        this.batches = batches;
        this.commands = commands;
        this.replies = replies;
    }

    @Override
    public Signal signal() {
        if (steps.size() == due) {
            report();
            String command = next();
            if (command == null) {
                return Signal.ABANDON;
            }
            due = Wire.JSON.readTree(command).required("steps").intValue();
            steps.clear();
            cpu = ProcessFigures.cpuTime();
        }
        begin = System.nanoTime();
        return Signal.CONTINUE;
    }

    private void report() {
        if (steps.isEmpty()) {
            // What loading the model took at its height is not the steps' memory.
            ProcessFigures.forgetPeak();
            reply(Map.of("ready", "remix engine"));
        } else {
            double seconds = ProcessFigures.cpuTime().minus(cpu).toNanos() / 1e9;
            reply(new Block(steps, seconds, ProcessFigures.residentBytes(), ProcessFigures.peakBytes()));
        }
    }

    private void reply(Object message) {
        replies.println(Wire.JSON.writeValueAsString(message));
        replies.flush();
    }

    private @Nullable String next() {
        try {
            return commands.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onStep(StepReport report) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        steps.add(new Block.Step(seconds, batches.tokens(report.step()), batches.learnt(report.step()), report.loss()));
    }

    @Override
    public void onPhase(Phase phase) {}

    @Override
    public void onEvaluation(EvaluationReport report) {}

    @Override
    public void onCheckpoint(int step, Path file) {}
}
