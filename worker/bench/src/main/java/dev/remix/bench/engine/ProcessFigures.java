package dev.remix.bench.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux says of this process. */
public final class ProcessFigures {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessFigures() {}

    /** Bytes resident now. */
    public static long residentBytes() {
        return status("VmRSS:");
    }

    /** Bytes resident at most since the process began or {@link #forgetPeak}. */
    public static long peakBytes() {
        return status("VmHWM:");
    }

    private static long status(String member) {
        try (var lines = Files.lines(SELF.resolve("status"))) {
            String line = lines.filter(candidate -> candidate.startsWith(member))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("/proc/self/status has no " + member));
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return whether it was allowed: in some containers the peak then includes all that was before */
    public static boolean forgetPeak() {
        try {
            Files.writeString(SELF.resolve("clear_refs"), "5");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** CPU time of all threads, to the nanosecond. */
    public static Duration cpuTime() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return Duration.ofNanos(system.getProcessCpuTime());
    }
}
