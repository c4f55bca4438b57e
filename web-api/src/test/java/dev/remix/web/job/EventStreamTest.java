package dev.remix.web.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.service.job.JobEvent;
import dev.remix.service.job.JobEvents;
import dev.remix.service.job.Jobs;
import dev.remix.web.Api;
import dev.remix.web.WebTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** Reading a stream blocks until the next line is there, so no test waits for a time; one that hangs has failed. */
@WebTest
@Import(SampleJobs.class)
@TestPropertySource(properties = {"remix.events.keep-alive=50ms", "remix.events.look=20ms"})
@Timeout(120)
class EventStreamTest {
    @Autowired
    private Api api;

    @Autowired
    private SampleJobs sample;

    @Autowired
    private Jobs jobs;

    @Autowired
    private JobEvents events;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void sendsWhatHappenedWhatHappensAndEndsWithTheJob() throws Exception {
        String job = sample.queued().id();
        try (BufferedReader stream = follow(job, null)) {
            assertThat(nextEvent(stream).getFirst()).startsWith("id:ftevent-");
            assertThat(nextEvent(stream)).anyMatch(line -> line.contains("moving job to queued state"));
            jobs.pause(job);
            assertThat(nextEvent(stream)).anyMatch(line -> line.contains("Fine-tuning job paused"));
            jobs.cancel(job);
            assertThat(nextEvent(stream)).anyMatch(line -> line.contains("Fine-tuning job cancelled"));
            assertThat(stream.lines().filter(line -> line.startsWith("data:"))).isEmpty();
        }
    }

    @Test
    void goesOnAfterTheEventThatTheClientSawLast() throws Exception {
        String job = sample.queued().id();
        List<JobEvent> seen = events.after(job, 0, 10);
        jobs.pause(job);
        jobs.cancel(job);
        try (BufferedReader stream = follow(job, seen.getLast().id())) {
            assertThat(stream.lines().filter(line -> line.startsWith("data:")).toList())
                    .hasSize(2)
                    .satisfies(lines -> assertThat(lines.getFirst()).contains("Fine-tuning job paused"))
                    .satisfies(lines -> assertThat(lines.getLast()).contains("Fine-tuning job cancelled"));
        }
    }

    @Test
    void keepsAQuietConnectionAliveWithComments() throws Exception {
        String job = sample.queued().id();
        try (BufferedReader stream = follow(job, null)) {
            nextEvent(stream);
            nextEvent(stream);
            assertThat(next(stream)).containsExactly(":still here");
            jobs.cancel(job);
        }
    }

    @Test
    void isNotOpenedForAJobThatIsNotThere() throws Exception {
        HttpResponse<InputStream> answer = open("ftjob-0", null);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    private BufferedReader follow(String job, @Nullable String lastEventId) throws Exception {
        HttpResponse<InputStream> answer = open(job, lastEventId);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        return new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
    }

    private HttpResponse<InputStream> open(String job, @Nullable String lastEventId) throws Exception {
        HttpRequest.Builder request =
                api.request("/v1/fine_tuning/jobs/" + job + "/events").header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return client.send(request.build(), BodyHandlers.ofInputStream());
    }

    private static List<String> nextEvent(BufferedReader stream) throws IOException {
        List<String> lines = next(stream);
        while (lines.getFirst().startsWith(":")) {
            lines = next(stream);
        }
        return lines;
    }

    /** The lines of the next event or comment. */
    private static List<String> next(BufferedReader stream) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = Objects.requireNonNull(stream.readLine(), "the stream ended");
        while (!line.isEmpty()) {
            lines.add(line);
            line = Objects.requireNonNull(stream.readLine(), "the stream ended");
        }
        return lines;
    }
}
