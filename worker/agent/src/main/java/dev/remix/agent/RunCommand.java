package dev.remix.agent;

import com.sun.management.OperatingSystemMXBean;
import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.WorkerApi;
import dev.remix.agent.attempt.BaseModels;
import dev.remix.agent.attempt.Workplace;
import dev.remix.agent.lease.Backoff;
import dev.remix.engine.train.FineTuning;
import dev.remix.protocol.Claim;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code run}: claims and trains. */
@Command(
        name = "run",
        description = "Claims queued jobs and trains them. The registration token comes in REMIX_WORKER_TOKEN.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every attempt was settled, or there was nothing to do",
            "1:the worker failed",
            "2:wrong usage",
            "3:the attempt was taken away"
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    /** SIGTERM to SIGKILL is ten seconds in most places; both times fit into it. */
    private static final Duration TIME_TO_LEAVE = Duration.ofSeconds(9);

    private static final Duration TIME_TO_CHECKPOINT = Duration.ofSeconds(6);
    private static final long SPOOL_BYTES = 256L << 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--url",
            required = true,
            defaultValue = "${env:REMIX_URL}",
            description = "where the service listens")
    private URI url = URI.create("http://localhost");

    @Option(
            names = "--models",
            required = true,
            defaultValue = "${env:REMIX_MODELS}",
            description = "directory with one sub-directory for each base model")
    private Path models = Path.of("models");

    @Option(names = "--work", required = true, description = "directory for an attempt's files while it runs")
    private Path work = Path.of("work");

    @Option(names = "--name", description = "this worker's name; host and process by default")
    private String name = hostName() + "-" + ProcessHandle.current().pid();

    @Option(names = "--once", description = "exit after one job")
    private boolean once;

    @Option(names = "--poll", description = "wait for a job where there is none, instead of exiting")
    private boolean poll;

    @Option(
            names = "--poll-seconds",
            defaultValue = "2",
            description = "how often to ask while waiting (default: ${DEFAULT-VALUE})")
    private int pollSeconds;

    private final Map<String, String> environment = System.getenv();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var shift = new Worker.Shift(once, poll ? Duration.ofSeconds(pollSeconds) : null);
        var worker = new Worker(new WorkerApi(url, token()), self(), workplace(), shift);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(worker), "leaving"));
        try {
            return worker.run().code();
        } catch (ApiException e) {
            log.error("No job could be claimed at {}: {}", url, e.getMessage());
            return ExitCode.FAILED.code();
        }
    }

    private String token() {
        var token = environment.get("REMIX_WORKER_TOKEN");
        if (token == null || token.isBlank()) {
            throw new ParameterException(spec.commandLine(), "REMIX_WORKER_TOKEN must hold the registration token.");
        }
        return token;
    }

    private Claim.Request self() {
        boolean cuda = environment.getOrDefault("PYTORCH_FLAVOR", "cpu").startsWith("cu");
        var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Claim.Request(name, cuda ? "cuda" : "cpu", machine.getTotalMemorySize());
    }

    private Workplace workplace() {
        return new Workplace(
                new BaseModels(models.toAbsolutePath()),
                work.toAbsolutePath(),
                FineTuning::run,
                Backoff.standard(new Random()),
                System::nanoTime,
                SPOOL_BYTES,
                TIME_TO_CHECKPOINT);
    }

    /** When the process ends by itself the worker is long gone, and this returns at once. */
    private static void leave(Worker worker) {
        try {
            worker.leave(TIME_TO_LEAVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.warn("Interrupted while ending the attempt");
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "worker";
        }
    }
}
