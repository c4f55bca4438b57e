package dev.remix.service.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.ServiceTest;
import dev.remix.fixture.SettableClock;
import dev.remix.protocol.Claim;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.Outcome;
import dev.remix.service.Ids;
import dev.remix.service.job.Attempt;
import dev.remix.service.job.Attempts;
import dev.remix.service.job.JobState;
import dev.remix.service.job.Jobs;
import dev.remix.service.queue.Settlement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@ServiceTest
@Import(SampleJobs.class)
class LocalLauncherTest implements LauncherContract {
    private static final int SLOTS = 2;
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    private Path data;

    @Autowired
    private SampleJobs sample;

    @Autowired
    private Jobs jobs;

    @Autowired
    private Attempts attempts;

    @Autowired
    private Settlement settlement;

    @Autowired
    private LocalAttempts localAttempts;

    @Autowired
    private Ids ids;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));

    @BeforeEach
    void anObedientLauncher() {
        launcher = launcher(FakeWorker.Behaviour.OBEDIENT);
    }

    private Launcher launcher = new PullLauncher();

    private LocalLauncher launcher(FakeWorker.Behaviour behaviour) {
        List<String> program = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeWorker.class.getName(),
                behaviour.name());
        WorkerCommand command = new WorkerCommand(
                program,
                () -> URI.create("http://127.0.0.1:1"),
                data.resolve("models"),
                data.resolve("work"),
                "secret");
        LaunchSettings.Local settings = new LaunchSettings.Local(SLOTS, List.of(), null, Duration.ofSeconds(2), IDLE);
        return new LocalLauncher(settings, command, WorkerFiles.in(data), localAttempts, ids, clock);
    }

    @AfterEach
    void noProcessIsLeft() {
        launcher.stop();
    }

    @Override
    public Launcher launcher() {
        return launcher;
    }

    @Override
    public int slots() {
        return SLOTS;
    }

    @Override
    public int running() {
        return processes().size();
    }

    @Test
    void tellsAWorkerItsNameAndItsTokenAndKeepsItsOutput() throws IOException {
        launcher.provide(1);
        String name = awaitUp().getFirst();
        await().atMost(DEADLINE).until(() -> Files.size(data.resolve("logs").resolve(name + ".log")) > 0);
        assertThat(data.resolve("logs").resolve(name + ".log"))
                .content()
                .contains("worker " + name + " is up, token secret");
    }

    @Test
    void startsTheNextWorkerOnceAJobIsClaimedAndAnotherWaits() {
        sample.emptyQueue();
        sample.queued();
        launcher.provide(1);
        claim(awaitUp().getFirst());
        launcher.provide(1);
        assertThat(running()).isEqualTo(2);
    }

    @Test
    void endsTheAttemptOfAWorkerThatDied() {
        Claim.Grant grant = startAndClaim();
        processes().getFirst().kill();
        await().atMost(DEADLINE).until(() -> running() == 0);
        launcher.provide(0);

        Attempt attempt = attempts.find(SampleJobs.id(grant)).orElseThrow();
        assertThat(attempt.failureKind()).isEqualTo(FailureKind.WORKER_LOST);
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void killsAWorkerThatWillNotEndWithAllThatItStarted() throws IOException {
        launcher = launcher(FakeWorker.Behaviour.STUBBORN);
        launcher.provide(1);
        ProcessHandle child = child(awaitUp().getFirst());
        assertThat(child.isAlive()).isTrue();

        launcher.stop();

        assertThat(running()).isZero();
        await().atMost(DEADLINE).until(() -> !child.isAlive());
    }

    @Test
    void queuesTheJobsOfTheWorkersItStops() {
        Claim.Grant grant = startAndClaim();
        launcher.stop();
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.QUEUED);
        assertThat(attempts.find(SampleJobs.id(grant)).orElseThrow().failureKind())
                .isEqualTo(FailureKind.INTERRUPTED);
    }

    @Test
    void countsTheWorkersOfAKilledServiceAgainstItsSlotsAndLetsThemGoOn() {
        Claim.Grant grant = startAndClaim();
        Launcher afterTheRestart = launcher(FakeWorker.Behaviour.OBEDIENT);

        afterTheRestart.start();
        afterTheRestart.provide(10);

        assertThat(running()).isEqualTo(SLOTS);
        assertThat(attempts.find(SampleJobs.id(grant)).orElseThrow().isLive()).isTrue();
        afterTheRestart.stop();
        assertThat(running()).isZero();
    }

    @Test
    void endsTheAttemptsOfWorkersThatDiedWhileNoServiceWasUp() {
        Claim.Grant grant = startAndClaim();
        processes().getFirst().kill();
        await().atMost(DEADLINE).until(() -> running() == 0);

        launcher(FakeWorker.Behaviour.OBEDIENT).start();

        assertThat(attempts.find(SampleJobs.id(grant)).orElseThrow().isLive()).isFalse();
        assertThat(jobs.get(grant.jobId()).state()).isEqualTo(JobState.QUEUED);
    }

    @Test
    void waitsLongerEachTimeAWorkerEndsWithoutAJob() {
        launcher = launcher(FakeWorker.Behaviour.BROKEN);
        launcher.provide(1);
        assertThat(logs()).isEqualTo(1);
        await().atMost(DEADLINE).until(() -> running() == 0);
        launcher.provide(1);
        assertThat(logs()).as("within the pause").isEqualTo(1);
        clock.advance(Duration.ofMillis(500));
        launcher.provide(1);
        assertThat(logs()).as("after the pause").isEqualTo(2);
        await().atMost(DEADLINE).until(() -> running() == 0);
        launcher.provide(1);
        clock.advance(Duration.ofMillis(500));
        launcher.provide(1);
        assertThat(logs()).as("within the second pause").isEqualTo(2);
    }

    @Test
    void killsAWorkerThatHangsWithoutAnAttempt() {
        Claim.Grant grant = startAndClaim();
        launcher.provide(0);
        clock.advance(IDLE.plusSeconds(1));
        launcher.provide(0);
        assertThat(running()).as("busy all the time").isEqualTo(1);

        settlement.settle(SampleJobs.id(grant), new Outcome.Cancelled(1));
        clock.advance(IDLE.plusSeconds(1));
        launcher.provide(0);
        await().atMost(DEADLINE).until(() -> running() == 0);
    }

    private Claim.Grant startAndClaim() {
        sample.emptyQueue();
        sample.queued();
        launcher.provide(1);
        return claim(awaitUp().getFirst());
    }

    private Claim.Grant claim(String worker) {
        return sample.claimed(worker);
    }

    /** The names of the workers, once all that were started are up. */
    private List<String> awaitUp() {
        await().atMost(DEADLINE).until(() -> names(data.resolve("work")).size() >= running());
        return names(data.resolve("work"));
    }

    private ProcessHandle child(String worker) throws IOException {
        String pid = Files.readString(data.resolve("work").resolve(worker));
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private List<WorkerProcess> processes() {
        WorkerFiles files = WorkerFiles.in(data);
        return files.remembered().stream()
                .map(files::find)
                .flatMap(Optional::stream)
                .toList();
    }

    private int logs() {
        return names(data.resolve("logs")).size();
    }

    private static List<String> names(Path directory) {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".new"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
