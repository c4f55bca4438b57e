package dev.remix.agent.report;

import dev.remix.protocol.Wire;
import dev.remix.protocol.WorkerRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import tools.jackson.databind.ObjectWriter;

/**
 * Records on their way to the service, in a file so that an absent service costs no memory: numbered from 1, kept until
 * acknowledged, read in order. The file is cut to nothing whenever everything was acknowledged and never grows past its bound:
 * a run that fills it waits, for a record may be late but not lost.
 */
public final class RecordSpool implements AutoCloseable {
    private static final ObjectWriter RECORDS = Wire.json().writerFor(WorkerRecord.class);

    /** How often whoever waits here looks whether that is still worthwhile. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final FileChannel file;
    private final long bound;
    private final BooleanSupplier worthwhile;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Lengths in bytes of the records that are not acknowledged, oldest first. */
    private final Deque<Integer> pending = new ArrayDeque<>();

    private long oldestSeq = 1;
    private long oldestAt;
    private long end;
    private boolean hurried;

    /** Consecutive records as NDJSON, {@code first} being the number of the first. */
    public record Batch(long first, int count, String ndjson) {}

    /**
     * @param bound of the file, in bytes
     * @param worthwhile false once nothing can be delivered any more; ends all waiting
     */
    public RecordSpool(Path path, long bound, BooleanSupplier worthwhile) throws IOException {
        this.file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.bound = bound;
        this.worthwhile = worthwhile;
    }

    /** Writes the record that is made with the next number; not written if waiting for room is no longer worthwhile. */
    public void append(LongFunction<WorkerRecord> record) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            var line = ByteBuffer.wrap(line(record.apply(lastSeq() + 1)));
            while (end > 0 && end + line.remaining() > bound) {
                if (!worthwhile.getAsBoolean()) return;
                hurry();
                var _ = changed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            write(line);
        } finally {
            lock.unlock();
        }
    }

    private void write(ByteBuffer line) throws IOException {
        int length = line.remaining();
        while (line.hasRemaining()) {
            file.write(line, end + length - line.remaining());
        }
        end += length;
        pending.addLast(length);
        changed.signalAll();
    }

    /** Up to {@code most} records, once so many are there, or {@code atMost} has passed, or somebody is in a hurry. */
    public Batch next(int most, Duration atMost) throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long nanos = atMost.toNanos();
            while (pending.size() < most && !hurried && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return read(Math.min(most, pending.size()));
        } finally {
            lock.unlock();
        }
    }

    private Batch read(int count) throws IOException {
        int bytes = pending.stream().limit(count).mapToInt(Integer::intValue).sum();
        var ndjson = ByteBuffer.allocate(bytes);
        while (ndjson.hasRemaining()) {
            if (file.read(ndjson, oldestAt + ndjson.position()) < 0) throw new IOException("the record spool was cut");
        }
        return new Batch(oldestSeq, count, new String(ndjson.array(), StandardCharsets.UTF_8));
    }

    /** Forgets every record before {@code nextSeq}. */
    public void acknowledge(long nextSeq) throws IOException {
        lock.lock();
        try {
            if (nextSeq < oldestSeq || nextSeq > lastSeq() + 1) {
                throw new IOException("the service expects record " + nextSeq + ", but " + oldestSeq + " to "
                        + lastSeq() + " are waiting");
            }
            while (oldestSeq < nextSeq) {
                oldestAt += pending.removeFirst();
                oldestSeq++;
            }
            if (pending.isEmpty()) cut();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void cut() throws IOException {
        file.truncate(0);
        oldestAt = 0;
        end = 0;
        hurried = false;
    }

    /** Waits until everything up to {@code seq} is acknowledged or waiting is no longer worthwhile. */
    public void awaitAcknowledged(long seq) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (oldestSeq <= seq && worthwhile.getAsBoolean()) {
                hurry();
                var _ = changed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Asks the reader not to wait for full batches. */
    private void hurry() {
        hurried = true;
        changed.signalAll();
    }

    /** Number of the last record written, 0 before the first. */
    public long lastSeq() {
        lock.lock();
        try {
            return oldestSeq + pending.size() - 1;
        } finally {
            lock.unlock();
        }
    }

    private static byte[] line(WorkerRecord record) {
        byte[] json = RECORDS.writeValueAsBytes(record);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
