package dev.remix.agent.api;

import dev.remix.protocol.Claim;
import dev.remix.protocol.Wire;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** {@code /worker/v1} for a worker that holds no attempt yet. */
public final class WorkerApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Connection connection;

    /**
     * @param service where the service listens, such as {@code http://127.0.0.1:8080}
     * @param registrationToken allows to claim, and nothing else
     */
    public WorkerApi(URI service, String registrationToken) {
        this.connection = new Connection(Connection.newClient(), service, registrationToken);
    }

    /** An attempt for this worker, or nothing when no queued job fits it. */
    public Optional<Claim.Grant> claim(Claim.Request worker) throws ApiException, InterruptedException {
        var body = BodyPublishers.ofByteArray(Wire.json().writeValueAsBytes(worker));
        var request = connection.post("/worker/v1/claims", "application/json", body);
        var answer = connection.send(request.build(), BodyHandlers.ofByteArray(), TIMEOUT);
        if (answer.statusCode() == 204) return Optional.empty();
        return Optional.of(Connection.read(answer, Claim.Grant.class));
    }

    /** The endpoints of one attempt, with the token that the grant carries. */
    public AttemptApi attempt(Claim.Grant grant) {
        return new AttemptApi(
                connection.withToken(grant.token()),
                "/worker/v1/jobs/" + grant.jobId() + "/attempts/" + grant.attempt());
    }
}
