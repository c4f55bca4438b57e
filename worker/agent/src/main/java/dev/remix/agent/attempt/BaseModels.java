package dev.remix.agent.attempt;

import dev.remix.protocol.FailureKind;
import dev.remix.protocol.JobSpec;
import dev.remix.protocol.ModelRevision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The base models of this machine: a directory with one sub-directory for each, named as users name the model. */
public record BaseModels(Path directory) {

    /** Where the model lies, once its files are known to be those that the job was accepted with. */
    Path find(JobSpec.Model model) throws IOException {
        var found = directory.resolve(model.id()).normalize();
        if (!directory.normalize().equals(found.getParent()) || !Files.isRegularFile(found.resolve("config.json"))) {
            throw notFound("The worker has no base model '" + model.id() + "'.", model);
        }
        if (!ModelRevision.of(found).equals(model.revision())) {
            throw notFound(
                    "The worker's copy of '" + model.id() + "' is not the one this job was accepted with.", model);
        }
        return found;
    }

    private static FailureException notFound(String detail, JobSpec.Model model) {
        return new FailureException(
                FailureKind.MODEL_NOT_FOUND,
                detail,
                "Put revision " + model.revision() + " of the model into the worker's models directory.");
    }
}
