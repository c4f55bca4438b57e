package dev.remix.agent.attempt;

import dev.remix.agent.FakeService;
import dev.remix.protocol.Claim;
import dev.remix.protocol.JobSpec;
import dev.remix.protocol.ModelRevision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Grants of a small job whose data lies in the fake service and whose model lies in a directory. */
public final class Jobs {
    static final String TRAINING = "{\"messages\":[]}\n";
    static final JobSpec.Adapter REMIX = new JobSpec.Adapter(
            "remix", 8, 2, 4, 2, 2.0, "rslora", "sequence", List.of("gate_proj", "up_proj", "down_proj"), 1.0);
    static final JobSpec.Options OPTIONS = options(JobSpec.Execution.PLAIN, JobSpec.Stopping.NEVER);

    private Jobs() {}

    public static Path model(Path models) throws IOException {
        var model = Files.createDirectories(models.resolve("tiny"));
        for (var name : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors")) {
            Files.writeString(model.resolve(name), name);
        }
        return model;
    }

    public static Claim.Grant grant(FakeService service, Path model) throws IOException {
        return grant(service, model, Duration.ofSeconds(30), null);
    }

    static Claim.Grant grant(FakeService service, Path model, Duration lease, Claim.@Nullable CheckpointRef checkpoint)
            throws IOException {
        service.file("files/file-1", TRAINING);
        var spec = spec(new JobSpec.Model("tiny", ModelRevision.of(model)), REMIX, OPTIONS);
        return new Claim.Grant("ftjob-1", 1, "attempt-token", lease, Duration.ofMillis(20), spec, checkpoint);
    }

    /** The same job, beginning with an adapter of one file. */
    static Claim.Grant startingFrom(FakeService service, Claim.Grant grant, String weights) {
        service.file("initial_adapter/adapter_model.safetensors", weights);
        var file = new JobSpec.AdapterFile("adapter_model.safetensors", FakeService.sha256(weights), weights.length());
        var spec = grant.spec();
        var initial = new JobSpec.InitialModel("ft:tiny::1", List.of(file));
        return new Claim.Grant(
                grant.jobId(),
                grant.attempt(),
                grant.token(),
                grant.lease(),
                grant.heartbeat(),
                new JobSpec(
                        spec.model(),
                        spec.training(),
                        null,
                        null,
                        spec.seed(),
                        spec.adapter(),
                        spec.options(),
                        initial),
                grant.checkpoint());
    }

    static JobSpec.Options options(JobSpec.Execution execution, JobSpec.Stopping stopping) {
        return new JobSpec.Options(
                1, null, 8, 1e-2, "cosine", 0.05, 0.0, 1.0, 256, "f32", 10, 10, 32, execution, stopping);
    }

    static JobSpec spec(JobSpec.Model model, JobSpec.Adapter adapter, JobSpec.Options options) {
        var training = new JobSpec.DataSet("file-1", FakeService.sha256(TRAINING), TRAINING.length());
        return new JobSpec(model, training, null, null, 7, adapter, options, null);
    }
}
