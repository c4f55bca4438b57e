package dev.remix.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.protocol.LogLine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLinesTest {
    private static final Logger log = LoggerFactory.getLogger(LogLinesTest.class);

    @Test
    void linesAreNumberedAndCarryTheirFailureWhole() throws InterruptedException {
        try (var lines = LogLines.capture(10)) {
            log.info("first {}", "one");
            log.error("second", new IllegalStateException("why", new IllegalArgumentException("root")));

            assertThat(lines.next(10))
                    .satisfiesExactly(
                            line -> assertThat(line.text()).isEqualTo("first one"),
                            line -> assertThat(line.text()).contains("second", "IllegalStateException: why", "root"));
        }
    }

    @Test
    void whoLogsNeverWaitsAndWhatWasDroppedIsCounted() throws InterruptedException {
        try (var lines = LogLines.capture(3)) {
            for (int i = 1; i <= 8; i++) log.info("line {}", i);

            assertThat(lines.next(10))
                    .extracting(LogLine::text)
                    .containsExactly("line 1", "line 2", "line 3", "5 lines were dropped here");
        }
    }

    @Test
    void numbersGoOnFromBatchToBatch() throws InterruptedException {
        var seqs = new ArrayList<Long>();
        try (var lines = LogLines.capture(10)) {
            for (int i = 1; i <= 5; i++) log.info("line {}", i);
            for (List<LogLine> batch = lines.next(2); !batch.isEmpty(); batch = lines.next(2)) {
                batch.forEach(line -> seqs.add(line.seq()));
            }
        }
        assertThat(seqs).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void endlessLineIsCut() throws InterruptedException {
        try (var lines = LogLines.capture(10)) {
            log.info("x".repeat(100_000));

            assertThat(lines.next(10))
                    .singleElement()
                    .satisfies(line -> assertThat(line.text()).hasSizeLessThan(40_000));
        }
    }

    @Test
    void nothingIsHeardAfterTheEnd() throws InterruptedException {
        LogLines lines = LogLines.capture(10);
        lines.close();

        log.info("too late");

        assertThat(lines.next(10)).isEmpty();
    }
}
