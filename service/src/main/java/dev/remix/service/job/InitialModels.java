package dev.remix.service.job;

import dev.remix.protocol.JobSpec;
import dev.remix.protocol.Wire;
import dev.remix.service.Problem;
import dev.remix.service.model.BaseModel;
import dev.remix.service.model.FinetunedModel;
import dev.remix.service.model.Models;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Finetuned models that jobs begin with: their adapter must be what the job's own specification says. */
@Component
class InitialModels {
    private static final String FIELD = "/training/initial_model";

    /** What decides the tensors and what is computed with them; how they are trained may differ. */
    private static final List<String> MEMBERS =
            List.of("type", "rank", "alpha", "scaling", "targets", "loras", "active", "routing", "routers");

    private final Models models;
    private final BaseModelFacts facts;
    private final JobRepository jobs;

    InitialModels(Models models, BaseModelFacts facts, JobRepository jobs) {
        this.models = models;
        this.facts = facts;
        this.jobs = jobs;
    }

    /** Adds a problem if the model is not there, or not one that a job with this base and adapter can begin with. */
    Optional<JobSpec.InitialModel> resolve(
            String id, Optional<BaseModel> base, JobSpec.Adapter wanted, List<Problem> problems) {
        Optional<FinetunedModel> found = models.findFinetunedForUse(id);
        if (found.isEmpty()) {
            problems.add(Problem.at(FIELD, "model_not_found", "There is no finetuned model '%s'.".formatted(id)));
        }
        found.ifPresent(model -> {
            base.ifPresent(it -> checkBase(model, it, problems));
            checkAdapter(model, wanted, problems);
        });
        return found.map(InitialModels::pinned);
    }

    private void checkBase(FinetunedModel model, BaseModel base, List<Problem> problems) {
        if (!model.base().equals(base.id()) || !model.baseRevision().equals(facts.revision(base))) {
            problems.add(Problem.at(
                    FIELD,
                    "different_base",
                    "Model '%s' was trained on another base model than '%s' as it is now."
                            .formatted(model.id(), base.id())));
        }
    }

    private void checkAdapter(FinetunedModel model, JobSpec.Adapter wanted, List<Problem> problems) {
        JsonNode made = jobs.findById(model.jobId())
                .<JsonNode>map(job -> Wire.json().valueToTree(job.spec().adapter()))
                .orElseThrow();
        JsonNode asked = Wire.json().valueToTree(wanted);
        MEMBERS.stream()
                .filter(member -> !made.path(member).equals(asked.path(member)))
                .findFirst()
                .ifPresent(member -> problems.add(Problem.at(
                        FIELD,
                        "different_adapter",
                        "The adapter of model '%s' has %s %s, this job's %s; it goes on with the same kind and shape only."
                                .formatted(model.id(), member, made.path(member), asked.path(member)))));
    }

    private static JobSpec.InitialModel pinned(FinetunedModel model) {
        return new JobSpec.InitialModel(
                model.id(),
                model.files().stream()
                        .map(file -> new JobSpec.AdapterFile(
                                file.name(),
                                file.content().sha256(),
                                file.content().bytes()))
                        .toList());
    }
}
