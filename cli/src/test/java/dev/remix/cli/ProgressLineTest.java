package dev.remix.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProgressLineTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Test
    void theLineNamesStepLossSpeedBalanceAndRemainingTime() {
        assertThat(ProgressLine.line(job(150, 50).path("progress")))
                .isEqualTo("step 150/300 ████████████░░░░░░░░░░░░  50 %  loss 0.512  9,000 tokens/s"
                        + "  effective LoRAs 2.00  ETA 1:05");
    }

    @Test
    void outsideATerminalATenthIsPrintedOnce() {
        ProgressLine progress = new ProgressLine(new PrintStream(written, true, StandardCharsets.UTF_8), false);

        progress.show(job(3, 1));
        progress.show(job(4, 1.3));
        progress.show(job(33, 11));

        assertThat(text().lines()).hasSize(2);
    }

    @Test
    void theLastStepIsPrintedOnce() {
        ProgressLine progress = new ProgressLine(new PrintStream(written, true, StandardCharsets.UTF_8), false);

        progress.show(job(300, 100));
        progress.finish(job(300, 100));

        assertThat(text().lines()).hasSize(1);
    }

    @Test
    void inATerminalTheLineIsRewritten() {
        ProgressLine progress = new ProgressLine(new PrintStream(written, true, StandardCharsets.UTF_8), true);

        progress.show(job(3, 1));
        progress.show(job(4, 1.3));

        assertThat(text()).startsWith("\r").doesNotContain("\n").contains("step 4/300");
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    private static JsonNode job(int step, double percent) {
        return JsonMapper.shared().readTree("""
                {"status": "running", "progress": {"step": %d, "total_steps": 300, "percent": %s, "loss": 0.5119,
                 "tokens_per_second": 9000.4, "effective_loras": 2.0, "eta_seconds": 65}}
                """.formatted(step, percent));
    }
}
