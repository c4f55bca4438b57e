package dev.remix.agent.attempt;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.train.RunSpec;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.JobSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A job's specification in the engine's words. A word that the engine does not know is refused by its field's name. */
final class RunSpecs {
    private RunSpecs() {}

    static RunSpec of(JobSpec job, Path modelDirectory, DataFiles files) {
        return new RunSpec(
                modelDirectory,
                files.training(),
                files.validation(),
                files.test(),
                files.initialAdapter(),
                job.seed(),
                adapter(job.adapter()),
                options(job.options()));
    }

    private static AdapterSpec adapter(JobSpec.Adapter adapter) {
        return switch (adapter.type()) {
            case "remix" ->
                new AdapterSpec.Remix(factors(adapter), pool(adapter), adapter.active(), reinforce(adapter));
            case "lora", "rslora" -> new AdapterSpec.Lora(factors(adapter));
            case "dora" -> new AdapterSpec.Lora(factors(adapter), true);
            case "mixlora" ->
                new AdapterSpec.MixLora(factors(adapter), pool(adapter), adapter.active(), adapter.balance());
            case "hydralora" -> new AdapterSpec.HydraLora(factors(adapter), pool(adapter));
            case "softmix" -> new AdapterSpec.SoftMix(factors(adapter), pool(adapter));
            default ->
                throw unknown("adapter.type", adapter.type(), "remix, lora, rslora, dora, mixlora, hydralora, softmix");
        };
    }

    private static Factors factors(JobSpec.Adapter adapter) {
        return new Factors(
                adapter.rank(), adapter.alpha(), scaling(adapter), targets(adapter.targets()), adapter.dropout());
    }

    private static Pool pool(JobSpec.Adapter adapter) {
        return new Pool(
                adapter.loras(),
                named(AdapterSpec.Routing.class, "adapter.routing", adapter.routing()),
                named(AdapterSpec.Routers.class, "adapter.routers", adapter.routers()),
                adapter.routerLearningRateMultiplier());
    }

    private static Reinforce reinforce(JobSpec.Adapter adapter) {
        return new Reinforce(
                adapter.draws(),
                named(AdapterSpec.AdapterGradient.class, "adapter.adapter_gradient", adapter.adapterGradient()),
                adapter.normaliseAdvantages(),
                adapter.entropyBonus(),
                adapter.uniformDivergence());
    }

    private static AdapterSpec.Scaling scaling(JobSpec.Adapter adapter) {
        return named(AdapterSpec.Scaling.class, "adapter.scaling", adapter.scaling());
    }

    private static Set<AdapterSpec.Target> targets(List<String> targets) {
        return targets.stream()
                .map(target -> named(AdapterSpec.Target.class, "adapter.targets", target))
                .collect(Collectors.toSet());
    }

    private static RunSpec.Options options(JobSpec.Options options) {
        return new RunSpec.Options(
                options.epochs(),
                options.maxSteps(),
                options.batchSize(),
                options.learningRate(),
                named(RunSpec.Schedule.class, "training.schedule", options.schedule()),
                options.warmupRatio(),
                options.weightDecay(),
                options.maxGradientNorm(),
                options.maxSequenceLength(),
                named(RunSpec.Precision.class, "training.precision", options.precision()),
                options.checkpointEverySteps(),
                options.evaluateEverySteps(),
                options.maxNewTokens(),
                execution(options.execution()),
                stopping(options.stopping()));
    }

    private static RunSpec.Execution execution(JobSpec.Execution execution) {
        return new RunSpec.Execution(execution.microBatchTokens(), execution.recompute(), execution.replicas());
    }

    private static RunSpec.Stopping stopping(JobSpec.Stopping stopping) {
        return new RunSpec.Stopping(stopping.patience(), stopping.minDelta(), stopping.keepBest());
    }

    /** The constant whose name in lower case is {@code value}. */
    private static <E extends Enum<E>> E named(Class<E> type, String field, String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> word(constant).equals(value))
                .findFirst()
                .orElseThrow(() -> unknown(field, value, words(type)));
    }

    private static String words(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(RunSpecs::word).collect(Collectors.joining(", "));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static FailureException unknown(String field, String value, String known) {
        return new FailureException(
                FailureKind.INVALID_SPEC,
                "The worker does not know the value '" + value + "' of " + field + ".",
                "It knows " + known + "; a newer worker may know more.");
    }
}
