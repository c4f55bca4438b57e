package dev.remix.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.bench.contest.Block;
import dev.remix.bench.contest.Entrant;
import dev.remix.bench.contest.Peak;
import dev.remix.bench.contest.Result;
import dev.remix.bench.contest.Round;
import dev.remix.bench.work.Flops;
import dev.remix.bench.work.Shape;
import dev.remix.bench.work.Size;
import dev.remix.bench.work.Task;
import dev.remix.bench.work.Task.Precision;
import dev.remix.bench.work.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private final Shape shape = Size.smallShape(6, 8192);
    private final Workload workload = Workload.draw(Size.small(8), 8192, 1);
    private final Map<String, Double> seconds = new HashMap<>();

    @Test
    void everyNumberOfTheListIsClaimed() {
        Claims claims = new Claims(true, true);
        claims.entrants().forEach(entrant -> seconds.put(entrant.name(), 1.0));
        assertThat(claims.of(result(), shape, workload))
                .extracting(Claim::bound)
                .containsExactly(2.5, 1.0, 1.2, 1.0, 1.2, 1.0, 2.3, 4.4, 2.9, 2.3, 4.4, 2.9, 1.8, 0.75, 0.75);
    }

    @Test
    void anEngineThatIsFastEnoughHoldsThemAll() {
        Claims claims = new Claims(true, true);
        fastEnough();
        assertThat(claims.of(result(), shape, workload)).allMatch(Claim::holds);
    }

    @Test
    void aSlowMixtureFailsItsOwnClaimOnly() {
        fastEnough();
        seconds.put("remix-bf16-m4-sequence", 4.5);
        assertThat(new Claims(true, true).of(result(), shape, workload))
                .filteredOn(claim -> !claim.holds())
                .extracting(Claim::what)
                .containsExactly("remix-bf16-m4-sequence: a step over one of lora-bf16");
    }

    @Test
    void aMachineWithoutBfloat16IsHeldToFloat32Only() {
        assertThat(new Claims(false, true).entrants())
                .allMatch(entrant -> entrant.task().precision() == Precision.F32);
    }

    @Test
    void withoutPythonTheEngineIsHeldToItself() {
        fastEnough();
        assertThat(new Claims(true, false).of(result(), shape, workload))
                .noneMatch(claim -> claim.what().contains("peft"));
    }

    private void fastEnough() {
        seconds.putAll(Map.of("lora-bf16", 1.0, "lora-f32", 1.8, "peft-default", 2.6, "peft-autocast", 1.3));
        seconds.putAll(Map.of("peft-bf16", 1.2, "remix-bf16-m2-sequence", 2.3, "remix-bf16-m4-sequence", 4.4));
        seconds.putAll(Map.of("remix-bf16-m4-sequence-single", 2.9, "remix-f32-m2-sequence", 4.0));
        seconds.putAll(Map.of("remix-f32-m4-sequence", 7.9, "remix-f32-m4-sequence-single", 5.0));
    }

    private Result result() {
        Map<String, Block> blocks = new HashMap<>();
        seconds.forEach((name, time) ->
                blocks.put(name, new Block(List.of(new Block.Step(time, 1000, 400, 9)), time, 900_000, 1_000_000)));
        double flops = new Flops(shape, Task.lora(Precision.F32)).of(workload.examples());
        return new Result(List.of(new Round(
                blocks, Map.of(Precision.F32, new Peak(flops / 1.5, 1e9), Precision.BF16, new Peak(flops, 1e9)))));
    }

    @Test
    void nobodyTakesPartTwice() {
        assertThat(new Claims(true, true).entrants()).extracting(Entrant::name).doesNotHaveDuplicates();
    }
}
