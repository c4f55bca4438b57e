package dev.remix.agent.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remix.agent.Await;
import dev.remix.protocol.Wire;
import dev.remix.protocol.WorkerRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RecordSpoolTest {
    private static final int BOUND = 1_000;

    @TempDir
    Path directory;

    private final AtomicBoolean worthwhile = new AtomicBoolean(true);

    /** Only who waits asks whether that is worthwhile. */
    private final CountDownLatch waiting = new CountDownLatch(1);

    private Path file;
    private RecordSpool spool;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("records.ndjson");
        spool = new RecordSpool(file, BOUND, () -> {
            waiting.countDown();
            return worthwhile.get();
        });
    }

    @AfterEach
    void close() throws IOException {
        spool.close();
    }

    @Test
    void recordsAreNumberedFromOneAndComeOutInOrder() throws Exception {
        append(3);

        assertThat(seqs(take(10))).containsExactly(1L, 2L, 3L);
        assertThat(spool.lastSeq()).isEqualTo(3);
    }

    @Test
    void recordsComeAgainUntilTheyAreAcknowledged() throws Exception {
        append(4);

        assertThat(seqs(take(2))).containsExactly(1L, 2L);
        assertThat(seqs(take(2))).containsExactly(1L, 2L);
        spool.acknowledge(2);
        assertThat(seqs(take(10))).containsExactly(2L, 3L, 4L);
    }

    @Test
    void fileIsCutOnceEverythingIsAcknowledged() throws Exception {
        append(4);
        assertThat(file).isNotEmptyFile();

        spool.acknowledge(5);
        assertThat(file).isEmptyFile();

        append(1);
        assertThat(seqs(take(10))).containsExactly(5L);
    }

    @Test
    void writerWaitsForRoomAndTheFileStaysWithinItsBound() throws Exception {
        var writer = fill();
        assertThat(Files.size(file)).isLessThanOrEqualTo(BOUND);
        long written = spool.lastSeq();

        spool.acknowledge(written + 1);

        Await.until("the writer has found room", () -> spool.lastSeq() > written);
        worthwhile.set(false);
        writer.join();
        assertThat(Files.size(file)).isLessThanOrEqualTo(BOUND);
    }

    @Test
    void writerGivesUpWhenNothingCanBeDeliveredAnyMore() throws Exception {
        var writer = fill();
        worthwhile.set(false);

        writer.join();

        assertThat(Files.size(file)).isLessThanOrEqualTo(BOUND);
    }

    @Test
    void fullSpoolIsReadWithoutWaitingForAFullBatch() throws Exception {
        var writer = fill();

        assertThat(spool.next(Integer.MAX_VALUE, Duration.ofDays(1)).count()).isPositive();
        worthwhile.set(false);
        writer.join();
    }

    @Test
    void serviceThatForgotRecordsOrInventsSomeIsNotFollowed() throws Exception {
        append(3);
        spool.acknowledge(3);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> spool.acknowledge(2));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> spool.acknowledge(5));
    }

    /** A writer that has filled the spool and waits; it goes on for as long as there is any use. */
    private CompletableFuture<Void> fill() throws InterruptedException {
        var writer = CompletableFuture.runAsync(() -> {
            while (worthwhile.get()) append(1);
        });
        waiting.await();
        return writer;
    }

    private void append(int count) {
        try {
            for (int i = 0; i < count; i++) spool.append(seq -> new WorkerRecord.Note(seq, 0, "info", "a sentence"));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private RecordSpool.Batch take(int most) throws Exception {
        return spool.next(most, Duration.ZERO);
    }

    private static Stream<Long> seqs(RecordSpool.Batch batch) {
        return batch.ndjson()
                .lines()
                .map(line -> Wire.json().readValue(line, WorkerRecord.class).seq());
    }
}
