package dev.remix.agent.api;

import dev.remix.protocol.Claim;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.JobSpec;
import dev.remix.protocol.LogLine;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code /worker/v1/jobs/{job}/attempts/{n}}: everything a worker says and fetches while the attempt is its own. */
public final class AttemptApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    /** The slowest line that a checkpoint is expected to cross; the timeout of a transfer follows from it. */
    private static final long SLOWEST_BYTES_PER_SECOND = 250_000;

    private record Accepted(long nextSeq) {}

    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final String path;

    AttemptApi(Connection connection, String path) {
        this.connection = connection;
        this.path = path;
    }

    public Heartbeat.Answer heartbeat(Heartbeat.Beat beat, Duration timeout) throws ApiException, InterruptedException {
        var answer = post("/heartbeat", "application/json", json(beat), timeout);
        return Connection.read(answer, Heartbeat.Answer.class);
    }

    /**
     * Sends records, one JSON object a line.
     *
     * @return the sequence number that the service expects next
     */
    public long records(String ndjson) throws ApiException, InterruptedException {
        var answer = post("/records", "application/x-ndjson", BodyPublishers.ofString(ndjson), TIMEOUT);
        return Connection.read(answer, Accepted.class).nextSeq();
    }

    public void logs(List<LogLine> lines) throws ApiException, InterruptedException {
        var ndjson = new ByteArrayOutputStream();
        for (var line : lines) {
            ndjson.writeBytes(Wire.json().writeValueAsBytes(line));
            ndjson.write('\n');
        }
        post("/logs", "application/x-ndjson", BodyPublishers.ofByteArray(ndjson.toByteArray()), TIMEOUT);
    }

    public void outcome(Outcome outcome) throws ApiException, InterruptedException {
        post("/outcome", "application/json", json(outcome), TIMEOUT);
    }

    /** Streams a data set's file to {@code target} and checks it against its hash. */
    public void download(JobSpec.DataSet file, Path target) throws ApiException, IOException, InterruptedException {
        fetch("/files/" + file.fileId(), file.bytes(), file.sha256(), target);
    }

    /** Streams a file of the adapter that the job begins with to {@code target} and checks it against its hash. */
    public void download(JobSpec.AdapterFile file, Path target) throws ApiException, IOException, InterruptedException {
        fetch("/initial_adapter/" + file.name(), file.bytes(), file.sha256(), target);
    }

    /** Streams a checkpoint to {@code target} and checks it against its hash. */
    public void download(Claim.CheckpointRef checkpoint, Path target)
            throws ApiException, IOException, InterruptedException {
        fetch("/checkpoints/" + checkpoint.step(), checkpoint.bytes(), checkpoint.sha256(), target);
    }

    public void uploadCheckpoint(int step, Path file) throws ApiException, IOException, InterruptedException {
        upload("/checkpoints/" + step, file);
    }

    public void uploadAdapterFile(Path file) throws ApiException, IOException, InterruptedException {
        upload("/adapter/" + file.getFileName(), file);
    }

    private void fetch(String resource, long bytes, String sha256, Path target)
            throws ApiException, IOException, InterruptedException {
        var request = connection.request(path + resource).GET().build();
        connection.send(request, intoFile(target), transferTime(bytes));
        var actual = Sha256.of(target);
        if (!actual.equalsIgnoreCase(sha256)) {
            throw new ApiException.Corrupt(resource + " arrived with SHA-256 " + actual + " instead of " + sha256);
        }
    }

    private void upload(String resource, Path file) throws ApiException, IOException, InterruptedException {
        var request = connection
                .request(path + resource)
                .header("Content-Type", "application/octet-stream")
                .header("X-Content-SHA256", Sha256.of(file))
                .PUT(BodyPublishers.ofFile(file))
                .build();
        connection.send(request, BodyHandlers.ofByteArray(), transferTime(Files.size(file)));
    }

    private HttpResponse<byte[]> post(String resource, String contentType, BodyPublisher body, Duration timeout)
            throws ApiException, InterruptedException {
        var request = connection.post(path + resource, contentType, body).build();
        return connection.send(request, BodyHandlers.ofByteArray(), timeout);
    }

    private static BodyPublisher json(Object value) {
        return BodyPublishers.ofByteArray(Wire.json().writeValueAsBytes(value));
    }

    /** A good answer goes to the file; a problem is kept in memory to be read. */
    private static BodyHandler<byte[]> intoFile(Path target) {
        return answer -> answer.statusCode() == 200
                ? BodySubscribers.mapping(BodySubscribers.ofFile(target), file -> NOTHING)
                : BodySubscribers.ofByteArray();
    }

    private static Duration transferTime(long bytes) {
        return TIMEOUT.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND);
    }
}
