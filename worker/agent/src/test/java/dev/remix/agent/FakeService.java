package dev.remix.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.LogLine;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.Wire;
import dev.remix.protocol.WorkerRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The worker endpoints of a service over real HTTP, for one attempt, with failures to order. It keeps to the contract: a
 * gap in the records is refused, a repeat is swallowed, a wrong hash is refused.
 */
public final class FakeService implements AutoCloseable {
    public static final String ATTEMPT = "/worker/v1/jobs/ftjob-1/attempts/1/";
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    /** What to do with the next request to a resource instead of answering it. */
    public enum Fault {
        /** The connection breaks before the service has read the request. */
        BROKEN,
        /** The service does what it is asked, and the connection breaks before the answer. */
        UNANSWERED,
        UNAVAILABLE,
        LEASE_LOST
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Deque<Fault>> faults = new HashMap<>();

    private final Deque<Claim.Grant> grants = new ArrayDeque<>();
    private final List<WorkerRecord> records = new ArrayList<>();
    private final List<LogLine> logs = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Heartbeat.Beat> beats = new ArrayList<>();
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, String> uploads = new HashMap<>();

    /** Resources in the order in which their requests were answered. */
    private final List<String> answered = new ArrayList<>();

    private Heartbeat.Command command = Heartbeat.Command.CONTINUE;
    private boolean away;
    private int requests;

    public FakeService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/worker/v1/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            lock.lock();
            try {
                answer(exchange, resource(exchange), body);
            } finally {
                changed.signalAll();
                lock.unlock();
            }
        }
    }

    private static String resource(HttpExchange exchange) {
        var path = exchange.getRequestURI().getPath();
        return path.startsWith(ATTEMPT) ? path.substring(ATTEMPT.length()) : path.substring("/worker/v1/".length());
    }

    private void answer(HttpExchange exchange, String resource, byte[] body) throws IOException {
        requests++;
        var queued = faults.get(resource.split("/", 2)[0]);
        var fault = away ? Fault.BROKEN : queued == null ? null : queued.poll();
        var answer = fault == null || fault == Fault.UNANSWERED ? act(exchange, resource, body) : refusal(fault);
        if (fault == Fault.BROKEN || fault == Fault.UNANSWERED) return;
        if (fault == null) answered.add(resource);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private record Answer(int status, String body) {}

    private static Answer json(int status, Object body) {
        return new Answer(status, Wire.json().writeValueAsString(body));
    }

    private static Answer refusal(Fault fault) {
        return fault == Fault.LEASE_LOST ? problem(409, "lease_lost") : problem(503, "unavailable");
    }

    private static Answer problem(int status, String code) {
        return json(status, Map.of("status", status, "error", Map.of("code", code, "message", code)));
    }

    private Answer act(HttpExchange exchange, String resource, byte[] body) {
        return switch (resource.split("/", 2)[0]) {
            case "claims" -> claim();
            case "heartbeat" -> beat(body);
            case "records" -> take(body);
            case "logs" -> {
                lines(body).forEach(line -> logs.add(Wire.json().readValue(line, LogLine.class)));
                yield new Answer(204, "");
            }
            case "outcome" -> {
                outcomes.add(Wire.json().readValue(body, Outcome.class));
                yield new Answer(204, "");
            }
            case "files", "initial_adapter", "checkpoints", "adapter" ->
                exchange.getRequestMethod().equals("PUT") ? store(exchange, resource, body) : file(resource);
            default -> problem(404, "not_found");
        };
    }

    private Answer file(String resource) {
        var content = files.get(resource);
        return content == null ? problem(404, "not_found") : new Answer(200, content);
    }

    private Answer claim() {
        var grant = grants.poll();
        return grant == null ? new Answer(204, "") : json(200, grant);
    }

    private Answer beat(byte[] body) {
        beats.add(Wire.json().readValue(body, Heartbeat.Beat.class));
        return json(200, new Heartbeat.Answer(command, null));
    }

    private Answer take(byte[] body) {
        for (var line : lines(body).toList()) {
            var record = Wire.json().readValue(line, WorkerRecord.class);
            if (record.seq() > nextSeq()) {
                return json(409, Map.of("error", Map.of("code", "sequence_gap"), "next_seq", nextSeq()));
            }
            if (record.seq() == nextSeq()) records.add(record);
        }
        return json(200, Map.of("next_seq", nextSeq()));
    }

    private long nextSeq() {
        return records.size() + 1L;
    }

    private Answer store(HttpExchange exchange, String resource, byte[] body) {
        if (!sha256(body).equals(exchange.getRequestHeaders().getFirst("X-Content-SHA256"))) {
            return problem(422, "checksum_mismatch");
        }
        uploads.put(resource, new String(body, StandardCharsets.UTF_8));
        return new Answer(204, "");
    }

    private static Stream<String> lines(byte[] ndjson) {
        return new String(ndjson, StandardCharsets.UTF_8).lines();
    }

    public static String sha256(String content) {
        return sha256(content.getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    // --- what a test arranges --------------------------------------------------------------------------------------

    public void offer(Claim.Grant grant) {
        locked(() -> grants.add(grant));
    }

    public void file(String resource, String content) {
        locked(() -> files.put(resource, content));
    }

    /** The next requests to the resource fail, one for each fault. */
    public void fail(String resource, Fault... next) {
        locked(() ->
                faults.computeIfAbsent(resource, name -> new ArrayDeque<>()).addAll(List.of(next)));
    }

    public void order(Heartbeat.Command given) {
        locked(() -> command = given);
    }

    /** Breaks every connection while {@code true}. */
    public void away(boolean gone) {
        locked(() -> away = gone);
    }

    // --- what a test sees ------------------------------------------------------------------------------------------

    public List<WorkerRecord> records() {
        return copy(records);
    }

    public List<Integer> steps() {
        return records().stream()
                .filter(WorkerRecord.Step.class::isInstance)
                .map(record -> ((WorkerRecord.Step) record).step())
                .toList();
    }

    public List<LogLine> logs() {
        return copy(logs);
    }

    public List<Outcome> outcomes() {
        return copy(outcomes);
    }

    public List<Heartbeat.Beat> beats() {
        return copy(beats);
    }

    public List<String> answered() {
        return copy(answered);
    }

    public Map<String, String> uploads() {
        lock.lock();
        try {
            return Map.copyOf(uploads);
        } finally {
            lock.unlock();
        }
    }

    public int requests() {
        lock.lock();
        try {
            return requests;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a condition on what has arrived; it is looked at after each request. */
    public void await(String what, BooleanSupplier condition) {
        lock.lock();
        try {
            long nanos = DEADLINE.toNanos();
            while (!condition.getAsBoolean()) {
                if (nanos <= 0) throw new AssertionError("waited in vain until " + what + "; answered: " + answered);
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting until " + what, e);
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T> List<T> copy(List<T> list) {
        lock.lock();
        try {
            return List.copyOf(list);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) throw new AssertionError("the fake service hangs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
