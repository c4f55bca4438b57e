package dev.remix.service.job;

import dev.remix.protocol.FailureKind;
import dev.remix.protocol.JobSpec;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

/**
 * A finetuning job and its transitions. Each is written as one statement on (id, version) whose row count is checked; the
 * version stands for state and attempt, because nothing changes those without raising it. Only the claim is not here: it
 * must pick and take a row at once, so it is SQL of its own in the queue.
 */
@Entity
@Table(name = "jobs")
public class Job {

    /** What a running job was asked for, which its worker carries out. */
    public enum Request {
        PAUSE,
        CANCEL
    }

    @Id
    private String id;

    @Version
    private @Nullable Long version;

    @Column(updatable = false)
    private String projectId;

    @Convert(converter = Columns.State.class)
    private JobState state;

    @Convert(converter = Columns.Request.class)
    private @Nullable Request requested;

    private int attempt;
    private int failedAttempts;

    @Column(updatable = false)
    private int maxAttempts;

    @Column(updatable = false)
    private int priority;

    @Column(updatable = false)
    private long memoryBytes;

    @Column(updatable = false)
    @Convert(converter = Columns.Spec.class)
    @ColumnTransformer(write = "CAST(? AS jsonb)")
    private JobSpec spec;

    @Column(updatable = false)
    private double learningRateMultiplier;

    @Column(updatable = false)
    private int plannedSteps;

    @Column(updatable = false)
    private @Nullable String suffix;

    @Column(updatable = false)
    @Convert(converter = Columns.Metadata.class)
    @ColumnTransformer(write = "CAST(? AS jsonb)")
    private Map<String, String> metadata;

    @Column(updatable = false)
    private Instant createdAt;

    private @Nullable Instant queuedAt;
    private @Nullable Instant notBefore;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;

    @Convert(converter = Columns.Result.class)
    @ColumnTransformer(write = "CAST(? AS jsonb)")
    private @Nullable JobResult result;

    private @Nullable String fineTunedModel;

    @Convert(converter = Columns.Kind.class)
    private @Nullable FailureKind failureKind;

    private @Nullable String failureDetail;
    private @Nullable String failureHint;

    @Transient
    private final List<Change> changes = new ArrayList<>();

    /** One step along the graph, to be told as an event in the same transaction. */
    record Change(@Nullable JobState from, JobState to, String level, String message) {}

    @SuppressWarnings("NullAway.Init")
    protected Job() {}

    @SuppressWarnings("NullAway.Init")
    Job(String id, String projectId, NewJob job, Instant now) {
        this.id = id;
        this.projectId = projectId;
        this.state = JobState.VALIDATING;
        this.maxAttempts = job.maxAttempts();
        this.priority = job.priority();
        this.memoryBytes = job.memoryBytes();
        this.spec = job.spec();
        this.learningRateMultiplier = job.learningRateMultiplier();
        this.plannedSteps = job.plannedSteps();
        this.suffix = job.suffix();
        this.metadata = job.metadata();
        this.createdAt = now;
        changes.add(new Change(null, state, "info", "Created fine-tuning job: " + id));
    }

    /** Its request has been checked. */
    void enqueue(Instant now) {
        become(JobState.QUEUED, "info", "Files validated, moving job to queued state");
        queuedAt = now;
    }

    /** Its worker stopped with its progress kept: as it was asked to, or because its machine was needed. */
    public void stop(Instant now) {
        switch (requested) {
            case CANCEL -> cancel(now);
            case PAUSE -> pause();
            case null -> {
                become(JobState.QUEUED, "info", "Fine-tuning job stopped, to go on from its last checkpoint");
                queuedAt = now;
            }
        }
    }

    /** Its attempt failed for a reason that another attempt may not meet; that one starts no earlier than given. */
    public void retry(Failure failure, Instant now, Instant earliest) {
        failedAttempts++;
        become(
                JobState.QUEUED,
                "warn",
                "Attempt %d failed and will be retried: %s".formatted(attempt, failure.detail()));
        queuedAt = now;
        notBefore = earliest;
    }

    public void succeed(JobResult result, String fineTunedModel, Instant now) {
        this.result = result;
        this.fineTunedModel = fineTunedModel;
        finish(JobState.SUCCEEDED, "info", "The job has successfully completed", now);
    }

    public void fail(Failure failure, Instant now) {
        failedAttempts++;
        failureKind = failure.kind();
        failureDetail = failure.detail();
        failureHint = failure.hint();
        finish(JobState.FAILED, "error", "Fine-tuning job failed: " + failure.detail(), now);
    }

    public void cancel(Instant now) {
        finish(JobState.CANCELLED, "info", "Fine-tuning job cancelled", now);
    }

    /** Asks the worker of a running job; the last wish counts, and a cancellation is never taken back. */
    void ask(Request request) {
        if (state != JobState.RUNNING) {
            throw new IllegalStateException(id + " has no worker to ask, it is " + state);
        }
        if (requested != Request.CANCEL && requested != request) {
            requested = request;
            String message = request == Request.CANCEL ? "Cancellation requested" : "Pause requested";
            changes.add(new Change(state, state, "info", message));
        }
    }

    void pause() {
        become(JobState.PAUSED, "info", "Fine-tuning job paused");
    }

    void resume(Instant now) {
        become(JobState.QUEUED, "info", "Fine-tuning job resumed");
        queuedAt = now;
    }

    private void finish(JobState end, String level, String message, Instant now) {
        become(end, level, message);
        finishedAt = now;
    }

    private void become(JobState next, String level, String message) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException("%s cannot go from %s to %s".formatted(id, state, next));
        }
        changes.add(new Change(state, next, level, message));
        state = next;
        requested = null;
        notBefore = null;
    }

    /** Whether one more failed attempt would be the last. */
    public boolean isOnItsLastAttempt() {
        return failedAttempts + 1 >= maxAttempts;
    }

    /** The changes made since it was read, once. */
    List<Change> takeChanges() {
        List<Change> taken = List.copyOf(changes);
        changes.clear();
        return taken;
    }

    public String id() {
        return id;
    }

    public JobState state() {
        return state;
    }

    public Optional<Request> requested() {
        return Optional.ofNullable(requested);
    }

    public int attempt() {
        return attempt;
    }

    public int failedAttempts() {
        return failedAttempts;
    }

    public int maxAttempts() {
        return maxAttempts;
    }

    public int priority() {
        return priority;
    }

    public JobSpec spec() {
        return spec;
    }

    public double learningRateMultiplier() {
        return learningRateMultiplier;
    }

    public int plannedSteps() {
        return plannedSteps;
    }

    public Optional<String> suffix() {
        return Optional.ofNullable(suffix);
    }

    public Map<String, String> metadata() {
        return Map.copyOf(metadata);
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Optional<Instant> queuedAt() {
        return Optional.ofNullable(queuedAt);
    }

    public Optional<Instant> notBefore() {
        return Optional.ofNullable(notBefore);
    }

    public Optional<Instant> startedAt() {
        return Optional.ofNullable(startedAt);
    }

    public Optional<Instant> finishedAt() {
        return Optional.ofNullable(finishedAt);
    }

    public Optional<JobResult> result() {
        return Optional.ofNullable(result);
    }

    public Optional<String> fineTunedModel() {
        return Optional.ofNullable(fineTunedModel);
    }

    public Optional<Failure> failure() {
        FailureKind kind = failureKind;
        String detail = failureDetail;
        return kind == null || detail == null ? Optional.empty() : Optional.of(new Failure(kind, detail, failureHint));
    }
}
