package dev.remix.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remix.bench.work.Task;
import dev.remix.bench.work.Task.Gradient;
import dev.remix.bench.work.Task.Precision;
import dev.remix.bench.work.Task.Routing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContestTest {
    private static final Entrant LORA = Entrant.engine(Task.lora(Precision.F32));
    private static final Entrant REMIX = Entrant.engine(Task.remix(Precision.F32, 2, Routing.SEQUENCE, Gradient.MEAN));

    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();

    @Test
    void contestantsTakeTurnsAfterAllHaveWarmedUp() throws IOException {
        run(2, Duration.ofHours(1), 3.0, 3.0);
        assertThat(Files.readAllLines(directory.resolve("turns")))
                .containsExactly("lora", "remix", "lora", "remix", "lora", "remix");
    }

    @Test
    void figuresAndRatiosAreOfTheContestantsOwnWords() {
        Result result = run(3, Duration.ofHours(1), 3.0, 3.01);
        assertThat(result.of(LORA, Block::tokensPerSecond).median()).isEqualTo(50);
        assertThat(result.of(LORA, Block::millisPerStep).median()).isEqualTo(2000);
        assertThat(result.ratio(REMIX, LORA, Block::seconds).median()).isCloseTo(3, within(1e-9));
        assertThat(result.peakMemoryBytes(LORA)).isEqualTo(1000);
        // 4e9 operations in 2 s, where the machine can do 8e9 in one.
        assertThat(result.shareOfPeak(LORA, 4e9).median()).isCloseTo(0.25, within(1e-9));
        // … in 1.5 s of CPU time, where it can do 4e9.
        assertThat(result.cpuShareOfPeak(LORA, 4e9).median()).isCloseTo(2 / 3.0, within(1e-9));
    }

    @Test
    void noRoundBeginsAfterTheBudgetButOneIsAlwaysRun() {
        assertThat(run(5, Duration.ZERO, 3.0, 3.0).rounds()).hasSize(1);
    }

    @Test
    void contestantsThatLearnOtherThingsAreNotCompared() {
        assertThatThrownBy(() -> run(1, Duration.ZERO, 3.0, 9.0))
                .isInstanceOf(ContestException.class)
                .hasMessageContaining("lora-f32 3.000")
                .hasMessageContaining("remix-f32-m2-sequence 9.000");
    }

    @Test
    void aLossThatIsNoNumberIsNotTheSameWork() {
        assertThatThrownBy(() -> run(1, Duration.ZERO, 3.0, Double.NaN)).isInstanceOf(ContestException.class);
    }

    private Result run(int rounds, Duration budget, double lossOfLora, double lossOfRemix) {
        try (Contest contest = new Contest(
                1,
                child("peak", "{\"F32\": {\"flops_per_second\": 8e9, \"flops_per_cpu_second\": 4e9}}"),
                progress::add)) {
            contest.add(LORA, child("lora", block(2.0, lossOfLora)));
            contest.add(REMIX, child("remix", block(6.0, lossOfRemix)));
            AtomicLong clock = new AtomicLong();
            return new Result(contest.run(rounds, budget, clock::incrementAndGet));
        }
    }

    private static String block(double seconds, double loss) {
        Block.Step step = new Block.Step(seconds, 100, 40, loss);
        return Wire.JSON.writeValueAsString(new Block(List.of(step), 1.5, 900, 1000));
    }

    /** A process that notes its turn and always gives the same answer. */
    private Child child(String name, String answer) {
        String note = name.equals("peak") ? ":" : "echo " + name + " >> " + directory.resolve("turns");
        String script = "echo '{}'; while read -r line; do " + note + "; echo '" + answer + "'; done";
        return Child.start(name, List.of("sh", "-c", script), directory.resolve(name + ".log"));
    }
}
