package dev.remix.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.bench.contest.Block;
import dev.remix.bench.contest.Entrant;
import dev.remix.bench.contest.Peak;
import dev.remix.bench.contest.Result;
import dev.remix.bench.contest.Round;
import dev.remix.bench.work.Task;
import dev.remix.bench.work.Task.Precision;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Pattern BAR = Pattern.compile("\\|");
    private static final Entrant LORA = Entrant.engine(Task.lora(Precision.F32));
    private static final Entrant PEER = LORA.peers().getFirst();

    /** Ours does 100 tokens in 2 s, the peer in 5; half a second of each is no computing. */
    private final Result result = new Result(List.of(new Round(
            Map.of(LORA.name(), block(2, 300_000_000), PEER.name(), block(5, 600_000_000)),
            Map.of(Precision.F32, new Peak(4e9, 2e9)))));

    private static Block block(double seconds, long bytes) {
        return new Block(List.of(new Block.Step(seconds, 100, 40, 9)), seconds - 0.5, bytes, bytes);
    }

    @Test
    void aRowHasOursTheirsAndTheRatios() {
        List<String> lines = Table.of(List.of(Row.of("small", LORA, PEER, result, 3e9)))
                .lines()
                .toList();
        assertThat(cells(lines.get(0)))
                .containsSequence("tokens/s", "spread", "ms a step", "CPU ms", "memory", "GFLOP/s", "of peak", "by CPU")
                .endsWith("peer", "its tokens/s", "its memory", "ratio", "by CPU");
        assertThat(cells(lines.get(2)))
                .startsWith("lora", "small", "f32")
                .containsSequence("50", "0 %", "2000", "1500", "300 MB", "2", "38 %", "100 %")
                .endsWith("peft-default", "20", "600 MB", "2.50", "3.00");
        assertThat(lines.getLast()).isEqualTo("Matrix peak in f32 beside size small: 4 GFLOP/s; rounds: 1.");
    }

    @Test
    void withoutAPeerItsCellsStayEmpty() {
        String row = Table.of(List.of(Row.of("small", LORA, null, result, 3e9)))
                .lines()
                .toList()
                .get(2);
        assertThat(cells(row)).endsWith("100 %", "", "", "", "", "");
    }

    private static List<String> cells(String line) {
        return BAR.splitAsStream(line.substring(1)).map(String::strip).toList();
    }
}
