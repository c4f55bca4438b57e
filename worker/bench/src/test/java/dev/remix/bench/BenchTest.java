package dev.remix.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.bench.contest.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The whole of it on the shipped model: processes, protocol, rounds, rows. */
class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutPythonTheEnginesSideIsMeasuredAlone() {
        assertThat(run("--sizes", "tiny", "--rounds", "1", "--batch-size", "2", "--python", "none", "--json"))
                .isZero();
        JsonNode rows = Wire.JSON.readTree(out.toString());
        assertThat(rows).extracting(row -> row.get("kind").stringValue()).containsExactly("lora", "remix");
        assertThat(rows).allSatisfy(BenchTest::isMeasured);
        assertThat(err.toString()).contains("the engine's side alone");
    }

    private static void isMeasured(JsonNode row) {
        assertThat(row.propertyNames())
                .contains(
                        "kind",
                        "size",
                        "precision",
                        "draws",
                        "tokens_per_second",
                        "ms_per_step",
                        "peak_memory_bytes",
                        "flops_fraction_of_peak",
                        "peer",
                        "ratio_to_peer");
        assertThat(row.get("tokens_per_second").doubleValue()).isPositive();
        assertThat(row.get("ms_per_step").doubleValue()).isPositive();
        assertThat(row.get("peak_memory_bytes").longValue()).isGreaterThan(10_000_000);
        assertThat(row.get("flops_fraction_of_peak").doubleValue()).isBetween(1e-5, 1.0);
        assertThat(row.get("peer").isNull()).isTrue();
    }

    @Test
    void anUnknownSizeIsNamed() {
        assertThat(run("--sizes", "huge", "--python", "none")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no size huge; there are tiny and small.");
    }

    @Test
    void aPythonThatWasNamedHasToBeThere() {
        assertThat(run("--python", "/no/such/python")).isEqualTo(1);
        assertThat(err.toString()).contains("/no/such/python has no torch, transformers and peft");
    }

    private int run(String... arguments) {
        CommandLine bench = Bench.command();
        bench.setOut(new PrintWriter(out));
        bench.setErr(new PrintWriter(err));
        Stream<String> always = Stream.of("--home", "../..", "--threads", "1");
        return bench.execute(Stream.concat(always, List.of(arguments).stream()).toArray(String[]::new));
    }
}
