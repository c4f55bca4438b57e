package dev.remix.service.queue;

import dev.remix.protocol.JobSpec;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.StoredObject;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import dev.remix.service.job.Jobs;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The data sets of a job and the adapter it starts from, for whoever works at it and for nobody else. */
@Component
public class JobInputs {
    private final Attempts attempts;
    private final Jobs jobs;

    JobInputs(Attempts attempts, Jobs jobs) {
        this.attempts = attempts;
        this.jobs = jobs;
    }

    /** @throws Refusal {@code lease_lost}, or {@code not_found} for a file that is not one of the job's */
    public StoredObject get(AttemptId id, String fileId) {
        attempts.require(id);
        JobSpec spec = jobs.get(id.jobId()).spec();
        return Stream.of(spec.training(), spec.validation(), spec.test())
                .filter(Objects::nonNull)
                .filter(file -> file.fileId().equals(fileId))
                .map(file -> new StoredObject(file.sha256(), file.bytes()))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("file of this job", fileId));
    }

    /** @throws Refusal {@code lease_lost}, or {@code not_found} for a file that the job's initial adapter has not */
    public StoredObject initialAdapter(AttemptId id, String name) {
        attempts.require(id);
        JobSpec.InitialModel model = jobs.get(id.jobId()).spec().initialModel();
        return Stream.ofNullable(model)
                .flatMap(initial -> initial.files().stream())
                .filter(file -> file.name().equals(name))
                .map(file -> new StoredObject(file.sha256(), file.bytes()))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("file of this job's initial adapter", name));
    }
}
