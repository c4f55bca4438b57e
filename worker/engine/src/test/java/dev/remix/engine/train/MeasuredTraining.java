package dev.remix.engine.train;

import com.sun.management.OperatingSystemMXBean;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.text.Batch;
import dev.remix.engine.text.Example;
import dev.remix.engine.train.RunSpec.Execution;
import dev.remix.engine.train.RunSpec.Options;
import dev.remix.engine.train.RunSpec.Precision;
import dev.remix.engine.train.RunSpec.Schedule;
import dev.remix.engine.train.RunSpec.Stopping;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A few steps in a process of their own, so that nothing else is in its figures: the highest resident memory in bytes, CPU
 * seconds a step, and then the rehearsed pace in operations a CPU second. The machine may be busy, CPU time of one thread is not
 * much changed by that.
 */
final class MeasuredTraining {
    private static final int WARM_UP = 2;
    private static final int FEWEST_STEPS = 4;
    private static final long LEAST_NANOSECONDS = 4_000_000_000L;

    private MeasuredTraining() {}

    public static void main(String[] arguments) throws IOException {
        RunSpec spec = spec(Path.of(arguments[0]), arguments[1], Precision.valueOf(arguments[2]), execution(arguments));
        Batch batch = batch(spec, Integer.parseInt(arguments[5]), Integer.parseInt(arguments[6]));
        double seconds = secondsOfStep(spec, batch);
        long peak = peak();
        DecoderConfig config = DecoderConfig.read(spec.modelDirectory());
        double pace = new Rehearsal(spec, config, MeasuredTraining::cpu).operationsPerSecond(batch);
        System.out.println(peak + " " + seconds + " " + pace);
    }

    private static double secondsOfStep(RunSpec spec, Batch batch) {
        try (Trainee trainee = new Trainee(Replicas.create(spec), spec)) {
            int step = 1;
            for (; step <= WARM_UP; step++) {
                trainee.step(new StepInputs(batch, step, 1e-3));
            }
            long begin = cpu();
            while (step < WARM_UP + FEWEST_STEPS || cpu() - begin < LEAST_NANOSECONDS) {
                trainee.step(new StepInputs(batch, step++, 1e-3));
            }
            return (cpu() - begin) / 1e9 / (step - 1 - WARM_UP);
        }
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static Execution execution(String[] arguments) {
        int most = Integer.parseInt(arguments[4]);
        return new Execution(most == 0 ? null : most, Boolean.parseBoolean(arguments[3]), 1);
    }

    /** A step of {@code size} examples whose lengths lie between half of the longest and the longest; half of each is learnt. */
    static Batch batch(RunSpec spec, int size, int longest) {
        int vocabulary = DecoderConfig.read(spec.modelDirectory()).vocabulary();
        SplittableRandom random = new SplittableRandom(5);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int length = longest / 2 + random.nextInt(longest / 2 + 1);
            int[] tokens = random.ints(length, 0, vocabulary).toArray();
            float[] weights = new float[length];
            for (int t = length / 2; t < length; t++) {
                weights[t] = 1;
            }
            examples.add(new Example(tokens, weights, length / 2));
        }
        return new Batch(examples);
    }

    static RunSpec spec(Path model, String kind, Precision precision, Execution execution) {
        Options options = new Options(
                1, null, 16, 1e-3, Schedule.CONSTANT, 0, 0, 1, 512, precision, 10, 1000, 8, execution, Stopping.NEVER);
        return new RunSpec(model, model.resolve("unread"), null, null, 7, adapter(kind), options);
    }

    private static AdapterSpec adapter(String kind) {
        Factors single = new Factors(16, 16, Scaling.LORA, TinyModel.FEED_FORWARD);
        Factors pooled = new Factors(8, 2, Scaling.RSLORA, TinyModel.FEED_FORWARD);
        Pool pool = new Pool(8, Routing.SEQUENCE, Routers.BLOCK, 1);
        return switch (kind) {
            case "lora" -> new AdapterSpec.Lora(single);
            case "lora-all" -> new AdapterSpec.Lora(new Factors(16, 16, Scaling.LORA, EnumSet.allOf(Target.class)));
            case "full" -> new AdapterSpec.FullParameters();
            case "remix-2" -> new AdapterSpec.Remix(pooled, pool, 2, new Reinforce(2));
            case "remix-4" -> new AdapterSpec.Remix(pooled, pool, 2, new Reinforce(4));
            case "remix-4-single" ->
                new AdapterSpec.Remix(pooled, pool, 2, new Reinforce(4, AdapterGradient.SINGLE, false, 0, 0));
            case "remix-2-token" ->
                new AdapterSpec.Remix(pooled, new Pool(8, Routing.TOKEN, Routers.BLOCK, 1), 2, new Reinforce(2));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static long peak() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            String line = lines.filter(candidate -> candidate.startsWith("VmHWM:"))
                    .findFirst()
                    .orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
    }
}
