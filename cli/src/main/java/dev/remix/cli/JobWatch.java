package dev.remix.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Follows one job to its end. */
final class JobWatch {
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");

    private final ApiClient api;
    private final ProgressLine progress;

    JobWatch(ApiClient api, ProgressLine progress) {
        this.api = api;
        this.progress = progress;
    }

    /** Returns the finished job as the service has it; a failed one is an exception with the job's own reason. */
    JsonNode untilFinished(String jobId) throws IOException, InterruptedException {
        JsonNode job = api.job(jobId);
        while (!FINAL.contains(job.path("status").asString())) {
            progress.show(job);
            TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
            job = api.job(jobId);
        }
        progress.finish(job);
        if (!job.path("status").asString().equals("succeeded")) {
            throw new ApiException(
                    "job " + jobId + " ended as " + job.path("status").asString() + ": "
                            + job.path("error").path("message").asString("no reason was given"));
        }
        return job;
    }
}
