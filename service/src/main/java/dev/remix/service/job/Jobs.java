package dev.remix.service.job;

import dev.remix.protocol.Wire;
import dev.remix.service.Ids;
import dev.remix.service.Page;
import dev.remix.service.Refusal;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** All jobs: made, found, listed, and told what to do by people. */
@Service
public class Jobs {
    /** Until keys belong to projects there is one. */
    private static final String PROJECT = "proj-default";
    /** Sorts after every identifier. */
    private static final String NEWEST = "~";

    private final JobRepository repository;
    private final JobRequests requests;
    private final JobEvents events;
    private final ApplicationEventPublisher publisher;
    private final Ids ids;
    private final Clock clock;

    Jobs(
            JobRepository repository,
            JobRequests requests,
            JobEvents events,
            ApplicationEventPublisher publisher,
            Ids ids,
            Clock clock) {
        this.repository = repository;
        this.requests = requests;
        this.events = events;
        this.publisher = publisher;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Creates a job and queues it.
     *
     * @throws Refusal naming each field that is at fault
     */
    @Transactional
    public Job create(JobRequest request) {
        NewJob checked = requests.resolve(request);
        Job job = save(new Job(ids.next("ftjob"), PROJECT, checked, clock.instant()));
        job.enqueue(clock.instant());
        return save(job);
    }

    /** @throws Refusal {@code not_found} */
    @Transactional(readOnly = true)
    public Job get(String id) {
        return repository.findById(id).orElseThrow(() -> Refusal.notFound("fine-tuning job", id));
    }

    /** Newest first, those with all of the given metadata. */
    @Transactional(readOnly = true)
    public Page<Job> list(@Nullable String after, int limit, Map<String, String> metadata) {
        String before = after == null ? NEWEST : after;
        return Page.of(repository.page(before, Wire.json().writeValueAsString(metadata), limit + 1), limit);
    }

    /** Cancels a job, or asks its worker to; a second time changes nothing. */
    @Transactional
    public Job cancel(String id) {
        Job job = lock(id);
        switch (job.state()) {
            case VALIDATING, QUEUED, PAUSED -> job.cancel(clock.instant());
            case RUNNING -> job.ask(Job.Request.CANCEL);
            case CANCELLED -> {}
            case SUCCEEDED, FAILED -> throw finished(job);
        }
        return save(job);
    }

    /** Puts a job aside, or asks its worker to stop with its progress kept; a second time changes nothing. */
    @Transactional
    public Job pause(String id) {
        Job job = lock(id);
        switch (job.state()) {
            case QUEUED -> job.pause();
            case RUNNING -> job.ask(Job.Request.PAUSE);
            case PAUSED -> {}
            case VALIDATING, SUCCEEDED, FAILED, CANCELLED -> throw finished(job);
        }
        return save(job);
    }

    /** Queues a paused job again, to go on from its last checkpoint; one that is queued or running is left alone. */
    @Transactional
    public Job resume(String id) {
        Job job = lock(id);
        switch (job.state()) {
            case PAUSED -> job.resume(clock.instant());
            case VALIDATING, QUEUED, RUNNING -> {}
            case SUCCEEDED, FAILED, CANCELLED -> throw finished(job);
        }
        return save(job);
    }

    private static Refusal finished(Job job) {
        return Refusal.conflict(
                "job_finished", "Job %s has %s.".formatted(job.id(), job.state().text()));
    }

    /** Holds a job until the transaction ends, to change it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Job lock(String id) {
        return repository.lockById(id).orElseThrow(() -> Refusal.notFound("fine-tuning job", id));
    }

    /** Writes a job and, as events, what was done to it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public Job save(Job job) {
        Job saved = repository.saveAndFlush(job);
        job.takeChanges().forEach(change -> tell(job.id(), change));
        return saved;
    }

    private void tell(String id, Job.Change change) {
        events.append(
                id,
                change.level(),
                "message",
                change.message(),
                Map.of("status", change.to().text()));
        publisher.publishEvent(new JobChanged(id, change.from(), change.to()));
    }
}
