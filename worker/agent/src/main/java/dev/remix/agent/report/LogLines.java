package dev.remix.agent.report;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.remix.protocol.LogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** Everything this process logs, kept for the service. Bounded: who logs never waits, and what finds no room is counted. */
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final int LONGEST_TEXT = 32_000;

    private final BlockingQueue<Line> lines;
    private final AtomicInteger dropped = new AtomicInteger();
    private long seq;

    private record Line(Instant at, String level, String text) {}

    private LogLines(int capacity) {
        this.lines = new ArrayBlockingQueue<>(capacity);
    }

    /** Listens to the root logger until closed. */
    public static LogLines capture(int capacity) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        var captured = new LogLines(capacity);
        captured.setContext(context);
        captured.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(captured);
        return captured;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (!lines.offer(new Line(event.getInstant(), event.getLevel().toString(), text(event)))) {
            dropped.incrementAndGet();
        }
    }

    /** Waits a moment for a first line, then takes what is there. Only one thread may call this. */
    List<LogLine> next(int most) throws InterruptedException {
        var first = lines.poll(250, TimeUnit.MILLISECONDS);
        if (first == null) return List.of();
        var taken = new ArrayList<Line>();
        taken.add(first);
        lines.drainTo(taken, most - 1);
        int missing = dropped.getAndSet(0);
        if (missing > 0) taken.add(new Line(taken.getLast().at(), "WARN", missing + " lines were dropped here"));
        return taken.stream()
                .map(line -> new LogLine(++seq, line.at(), line.level(), line.text()))
                .toList();
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    private static String text(ILoggingEvent event) {
        var text = event.getFormattedMessage();
        if (event.getThrowableProxy() != null) text += "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + " …";
    }

    @Override
    public void close() {
        ((LoggerContext) getContext()).getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(this);
        stop();
    }
}
