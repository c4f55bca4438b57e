package dev.remix.agent.attempt;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Retries;
import dev.remix.protocol.JobSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The job's data sets on this machine, each checked against its hash. */
record DataFiles(
        Path training, @Nullable Path validation, @Nullable Path test) {

    static DataFiles fetch(JobSpec job, Path directory, AttemptApi api, Retries retries)
            throws ApiException, IOException, InterruptedException {
        var training = directory.resolve("training.jsonl");
        retries.untilDone(() -> api.download(job.training(), training));
        return new DataFiles(
                training,
                optional(job.validation(), directory.resolve("validation.jsonl"), api, retries),
                optional(job.test(), directory.resolve("test.jsonl"), api, retries));
    }

    private static @Nullable Path optional(JobSpec.@Nullable DataSet file, Path target, AttemptApi api, Retries retries)
            throws ApiException, IOException, InterruptedException {
        if (file == null) return null;
        retries.untilDone(() -> api.download(file, target));
        return target;
    }
}
