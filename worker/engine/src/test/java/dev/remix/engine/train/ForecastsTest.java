package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.decoder.Decoder;
import dev.remix.engine.device.Compute;
import dev.remix.engine.forecast.Forecast;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.Kinds.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForecastsTest {
    @TempDir
    Path directory;

    static Stream<Kind> kinds() {
        return Kinds.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void parametersAreTheNumbersOfTheTensors(Kind kind) {
        RunSpec spec = TinyModel.spec(TinyModel.directory(directory), kind.spec());
        Forecast forecast = Forecasts.of(spec, TinyModel.batches());
        Compute compute = Compute.choose();
        Decoder decoder = TinyModel.float32(compute);
        try (Replica replica = new Replica(compute, decoder, Replicas.adapter(compute, decoder, spec), spec)) {
            assertThat(forecast.parameters().trained()).isEqualTo(numbers(replica.parameters()));
            assertThat(forecast.parameters().matrices())
                    .isEqualTo(numbers(replica.decoder().matrices()));
            assertThat(forecast.parameters().vectors())
                    .isEqualTo(numbers(replica.decoder().vectors()));
        }
    }

    private static long numbers(List<NDArray> arrays) {
        return arrays.stream().mapToLong(NDArray::size).sum();
    }

    @Test
    void stepsAndTokensAreThoseOfTheRun() {
        RunSpec spec = TinyModel.spec(TinyModel.directory(directory), TinyModel.lora());
        Batches batches = TinyModel.batches();
        Forecast forecast = Forecasts.of(spec, batches);
        long epoch = 0;
        for (int step = 1; step <= batches.stepsPerEpoch(); step++) {
            epoch += batches.at(step).tokenCount();
        }
        assertThat(forecast.steps()).isEqualTo(3 * batches.stepsPerEpoch());
        assertThat(forecast.tokensPerEpoch()).isEqualTo(epoch);
        assertThat(forecast.tokens()).isEqualTo(3 * epoch);
    }

    /** By a clock that says each rehearsed step takes a millisecond, so that further layers cost nothing. */
    @Test
    void paceIsTheOperationsOfAStepOverItsTime() {
        RunSpec spec = TinyModel.spec(TinyModel.directory(directory), TinyModel.mixture(AdapterSpec.Routing.TOKEN));
        AtomicLong clock = new AtomicLong();
        Batch batch = TinyModel.batches().at(1);
        Rehearsal rehearsal = new Rehearsal(spec, TinyModel.CONFIG, () -> clock.addAndGet(1_000_000));

        double pace = rehearsal.operationsPerSecond(batch);

        Forecast.Step step = Forecasts.step(spec, TinyModel.CONFIG, batch);
        double operations = Forecast.operations(Forecasts.setting(spec, TinyModel.CONFIG), step);
        assertThat(pace).isCloseTo(1000 * operations, within(1e-6 * pace));
    }
}
