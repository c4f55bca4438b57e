package dev.remix.web.worker;

import dev.remix.fixture.SampleJobs;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Wire;
import dev.remix.protocol.WorkerRecord;
import dev.remix.service.artifact.Digests;
import dev.remix.web.Api;
import dev.remix.web.Api.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.Collectors;

/** A worker that says what a test tells it to. */
public record WorkerClient(Api api, String registrationToken) {
    private static final long GIB = 1L << 30;

    public Answer claim() {
        return claimWith(registrationToken);
    }

    Answer claimWith(String token) {
        String body = Wire.json().writeValueAsString(new Claim.Request("worker", "cpu", 64 * GIB));
        return api.send(json("/worker/v1/claims", token, body));
    }

    /** Claims the only job in the queue. */
    public Claim.Grant take() {
        return Wire.json().readValue(claim().bytes(), Claim.Grant.class);
    }

    /** Tells the service something about an attempt. */
    public Answer tell(Claim.Grant grant, String what, Object message) {
        return api.send(json(path(grant, what), grant.token(), Wire.json().writeValueAsString(message)));
    }

    public Answer record(Claim.Grant grant, List<? extends WorkerRecord> records) {
        String ndjson = records.stream()
                .map(record -> Wire.json().writerFor(WorkerRecord.class).writeValueAsString(record) + "\n")
                .collect(Collectors.joining());
        return api.send(request(path(grant, "records"), grant.token())
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(ndjson)));
    }

    public Answer upload(Claim.Grant grant, String what, String content) {
        return upload(grant, what, content, Digests.sha256(content));
    }

    Answer upload(Claim.Grant grant, String what, String content, String sha256) {
        return api.send(request(path(grant, what), grant.token())
                .header("Content-Type", "application/octet-stream")
                .header("X-Content-SHA256", sha256)
                .PUT(BodyPublishers.ofString(content)));
    }

    Answer get(Claim.Grant grant, String what) {
        return api.send(request(path(grant, what), grant.token()).GET());
    }

    private HttpRequest.Builder json(String path, String token, String body) {
        return request(path, token).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder request(String path, String token) {
        return api.anonymous(path).header("Authorization", "Bearer " + token);
    }

    private static String path(Claim.Grant grant, String what) {
        return "/worker/v1/jobs/%s/attempts/%d/%s".formatted(grant.jobId(), grant.attempt(), what);
    }

    /** Whatever the sample's queue holds is not this test's. */
    public static WorkerClient withAnEmptyQueue(Api api, String registrationToken, SampleJobs sample) {
        sample.emptyQueue();
        return new WorkerClient(api, registrationToken);
    }
}
