package dev.remix.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.bench.contest.Assignment;
import dev.remix.bench.contest.Block;
import dev.remix.bench.contest.Child;
import dev.remix.bench.contest.Entrant;
import dev.remix.bench.contest.Launch;
import dev.remix.bench.engine.EngineContestant;
import dev.remix.bench.work.Lengths;
import dev.remix.bench.work.Size;
import dev.remix.bench.work.Task;
import dev.remix.bench.work.Task.Gradient;
import dev.remix.bench.work.Task.Precision;
import dev.remix.bench.work.Task.Routing;
import dev.remix.bench.work.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two thousand steps on batches of ever other shapes, in a process whose Java heap is fixed: what grows is native. */
@Tag("long")
class MemoryTest {
    /** By then every shape was met, and the JVM has compiled what is hot. */
    private static final int WARM_UP = 800;

    private static final int STEPS = 2000;

    /**
     * 10 kB a step: less than any activation of this model, 25 kB in the mean, and more than what allocator and JVM wander by (up
     * to 9.8 MB was measured beside other builds).
     */
    private static final long BOUND = 20_000_000;

    private static final List<String> FIXED_HEAP = List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch");

    @TempDir
    private Path directory;

    static Stream<Task> tasks() {
        return Stream.of(Task.lora(Precision.BF16), Task.remix(Precision.F32, 2, Routing.SEQUENCE, Gradient.MEAN));
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void stepsLeaveMemoryFlat(Task task) {
        try (Child contestant = start(task)) {
            Block warm = contestant.run(WARM_UP);
            Block last = contestant.run(STEPS);
            System.out.printf(
                    "%s: %d kB resident after %d steps, %d kB after %d more%n",
                    task.name(), warm.residentMemoryBytes() / 1000, WARM_UP, last.residentMemoryBytes() / 1000, STEPS);
            assertThat(last.residentMemoryBytes() - warm.residentMemoryBytes()).isLessThan(BOUND);
        }
    }

    private Child start(Task task) {
        Path model = Path.of("../../models/remix-tiny").toAbsolutePath();
        Path data = directory.resolve("workload.json");
        Workload.draw(new Size("short", new Lengths(24, 0.8, 6, 96), 2, 50), 264, 1)
                .write(data);
        Path assignment = directory.resolve("assignment.json");
        Assignment.of(Entrant.engine(task), model, data, 1, 1).write(assignment);
        List<String> command =
                new Launch(directory, "none", 1, FIXED_HEAP).java(EngineContestant.class.getName(), assignment);
        return Child.start(task.name(), command, directory.resolve("log"));
    }
}
