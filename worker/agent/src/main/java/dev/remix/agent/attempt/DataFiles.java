package dev.remix.agent.attempt;

import dev.remix.agent.api.ApiException;
import dev.remix.agent.api.AttemptApi;
import dev.remix.agent.lease.Retries;
import dev.remix.protocol.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The job's data sets on this machine, and the directory of the adapter it begins with; each file checked against its hash. */
record DataFiles(
        Path training,
        @Nullable Path validation,
        @Nullable Path test,
        @Nullable Path initialAdapter) {

    static DataFiles fetch(JobSpec job, Path directory, AttemptApi api, Retries retries)
            throws ApiException, IOException, InterruptedException {
        var training = directory.resolve("training.jsonl");
        retries.untilDone(() -> api.download(job.training(), training));
        return new DataFiles(
                training,
                optional(job.validation(), directory.resolve("validation.jsonl"), api, retries),
                optional(job.test(), directory.resolve("test.jsonl"), api, retries),
                adapter(job.initialModel(), directory.resolve("initial-adapter"), api, retries));
    }

    private static @Nullable Path adapter(
            JobSpec.@Nullable InitialModel model, Path directory, AttemptApi api, Retries retries)
            throws ApiException, IOException, InterruptedException {
        if (model == null) return null;
        Files.createDirectory(directory);
        for (var file : model.files()) {
            retries.untilDone(() -> api.download(file, directory.resolve(file.name())));
        }
        return directory;
    }

    private static @Nullable Path optional(JobSpec.@Nullable DataSet file, Path target, AttemptApi api, Retries retries)
            throws ApiException, IOException, InterruptedException {
        if (file == null) return null;
        retries.untilDone(() -> api.download(file, target));
        return target;
    }
}
