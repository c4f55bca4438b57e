package dev.remix.models;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.train.RunSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A job's body as the API takes it, with some members changed, as runs of the engine. */
final class StudyJob {
    private final ObjectNode body;

    private StudyJob(ObjectNode body) {
        this.body = body;
    }

    static StudyJob read(Path file) {
        return new StudyJob((ObjectNode) JsonMapper.shared().readTree(file));
    }

    /** @param path members from the outermost in, with dots: {@code training.learning_rate} */
    StudyJob with(String path, String value) {
        ObjectNode changed = body.deepCopy();
        String[] members = path.split("\\.");
        ObjectNode holder = changed;
        for (String member : Arrays.copyOf(members, members.length - 1)) {
            holder = (ObjectNode) holder.required(member);
        }
        String last = members[members.length - 1];
        holder.set(
                last,
                holder.required(last).isString()
                        ? holder.stringNode(value)
                        : JsonMapper.shared().readTree(value));
        return new StudyJob(changed);
    }

    /** One run on the files of {@code data}. */
    RunSpec run(Path model, Path data, long seed, StudyKind kind) {
        return new RunSpec(
                model,
                data.resolve("train.jsonl"),
                data.resolve("validation.jsonl"),
                data.resolve("test.jsonl"),
                seed,
                adapter(kind),
                options());
    }

    private AdapterSpec adapter(StudyKind kind) {
        JsonNode adapter = body.required("adapter");
        int active = adapter.required("active").intValue();
        int rank = adapter.required("rank").intValue();
        double alpha = adapter.required("alpha").doubleValue();
        Scaling scaling = Scaling.valueOf(upper(adapter.required("scaling")));
        return switch (kind) {
            case LORA -> new AdapterSpec.Lora(new Factors(active * rank, alpha, scaling, targets(adapter)));
            case REMIX, UNTRAINED_ROUTER ->
                new AdapterSpec.Remix(
                        new Factors(rank, alpha, scaling, targets(adapter)),
                        pool(adapter, kind),
                        active,
                        new Reinforce(adapter.required("draws").intValue()));
        };
    }

    private static Pool pool(JsonNode adapter, StudyKind kind) {
        return new Pool(
                adapter.required("loras").intValue(),
                Routing.valueOf(upper(adapter.required("routing"))),
                Routers.BLOCK,
                kind == StudyKind.UNTRAINED_ROUTER
                        ? 0
                        : adapter.required("router_learning_rate_multiplier").doubleValue());
    }

    private static Set<Target> targets(JsonNode adapter) {
        Set<Target> targets = EnumSet.noneOf(Target.class);
        adapter.required("targets").forEach(target -> targets.add(Target.valueOf(upper(target))));
        return targets;
    }

    private RunSpec.Options options() {
        JsonNode hyperparameters = body.at("/method/supervised/hyperparameters");
        JsonNode training = body.required("training");
        return new RunSpec.Options(
                hyperparameters.required("n_epochs").intValue(),
                training.required("max_steps").intValue(),
                hyperparameters.required("batch_size").intValue(),
                training.required("learning_rate").doubleValue(),
                RunSpec.Schedule.valueOf(upper(training.required("schedule"))),
                training.required("warmup_ratio").doubleValue(),
                training.required("weight_decay").doubleValue(),
                training.required("max_gradient_norm").doubleValue(),
                training.required("max_sequence_length").intValue(),
                RunSpec.Precision.valueOf(upper(training.required("precision"))),
                training.required("checkpoint_every_steps").intValue(),
                training.required("evaluate_every_steps").intValue(),
                training.required("max_new_tokens").intValue());
    }

    private static String upper(JsonNode name) {
        return name.stringValue().toUpperCase(Locale.ROOT);
    }
}
