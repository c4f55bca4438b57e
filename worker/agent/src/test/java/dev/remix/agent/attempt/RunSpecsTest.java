package dev.remix.agent.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.train.RunSpec;
import dev.remix.protocol.FailureKind;
import dev.remix.protocol.JobSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunSpecsTest {
    private static final Set<Target> FEED_FORWARD = Set.of(Target.GATE_PROJ, Target.UP_PROJ, Target.DOWN_PROJ);
    private static final JobSpec.Model MODEL = new JobSpec.Model("tiny", "0");
    private static final DataFiles FILES =
            new DataFiles(Path.of("training.jsonl"), Path.of("validation.jsonl"), null, Path.of("initial-adapter"));

    @Test
    void everyFieldFindsItsPlace() {
        var run = runSpec(Jobs.REMIX, Jobs.OPTIONS);

        assertThat(run.adapter())
                .isEqualTo(new AdapterSpec.Remix(
                        new Factors(4, 2.0, Scaling.RSLORA, FEED_FORWARD),
                        new Pool(8, Routing.SEQUENCE, Routers.BLOCK, 1.0),
                        2,
                        new Reinforce(2)));
        assertThat(run.options())
                .isEqualTo(new RunSpec.Options(
                        1,
                        null,
                        8,
                        1e-2,
                        RunSpec.Schedule.COSINE,
                        0.05,
                        0.0,
                        1.0,
                        256,
                        RunSpec.Precision.F32,
                        10,
                        10,
                        32));
        assertThat(run.seed()).isEqualTo(7);
        assertThat(run.training()).isEqualTo(Path.of("training.jsonl"));
        assertThat(run.validation()).isEqualTo(Path.of("validation.jsonl"));
        assertThat(run.initialAdapter()).isEqualTo(Path.of("initial-adapter"));
    }

    @Test
    void loraTakesOnlyWhatItHas() {
        var lora = new JobSpec.Adapter("lora", 1, 1, 8, 1, 16, "lora", "sequence", List.of("down_proj"), 1);

        assertThat(runSpec(lora, Jobs.OPTIONS).adapter())
                .isEqualTo(new AdapterSpec.Lora(new Factors(8, 16, Scaling.LORA, Set.of(Target.DOWN_PROJ))));
    }

    static Stream<Arguments> kinds() {
        var factors = new Factors(8, 16, Scaling.LORA, Set.of(Target.Q_PROJ, Target.DOWN_PROJ), 0.1);
        var scaled = new Factors(8, 16, Scaling.RSLORA, Set.of(Target.Q_PROJ, Target.DOWN_PROJ), 0.1);
        var pool = new Pool(4, Routing.TOKEN, Routers.PROJECTION, 0.5);
        var reinforce = new Reinforce(3, AdapterGradient.SINGLE, true, 0.01, 0.02);
        return Stream.of(
                arguments("lora", "lora", new AdapterSpec.Lora(factors)),
                arguments("rslora", "rslora", new AdapterSpec.Lora(scaled)),
                arguments("dora", "lora", new AdapterSpec.Lora(factors, true)),
                arguments("remix", "rslora", new AdapterSpec.Remix(scaled, pool, 2, reinforce)),
                arguments("mixlora", "lora", new AdapterSpec.MixLora(factors, pool, 2, 0.03)),
                arguments("hydralora", "lora", new AdapterSpec.HydraLora(factors, pool)),
                arguments("softmix", "lora", new AdapterSpec.SoftMix(factors, pool)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void eachTypeBecomesTheEnginesOwn(String type, String scaling, AdapterSpec expected) {
        var targets = List.of("q_proj", "down_proj");
        var adapter = new JobSpec.Adapter(
                type,
                4,
                2,
                8,
                3,
                16,
                scaling,
                "token",
                targets,
                0.5,
                "projection",
                0.1,
                "single",
                true,
                0.01,
                0.02,
                0.03);

        assertThat(runSpec(adapter, Jobs.OPTIONS).adapter()).isEqualTo(expected);
    }

    @Test
    void wayOfComputingAndStoppingFindTheirPlace() {
        var options = Jobs.options(new JobSpec.Execution(4_096, true, 2), new JobSpec.Stopping(3, 0.001, true));

        var run = RunSpecs.of(Jobs.spec(MODEL, Jobs.REMIX, options), Path.of("tiny"), FILES)
                .options();

        assertThat(run.execution()).isEqualTo(new RunSpec.Execution(4_096, true, 2));
        assertThat(run.stopping()).isEqualTo(new RunSpec.Stopping(3, 0.001, true));
    }

    @Test
    void unknownWordIsRefusedByTheNameOfItsField() {
        var adapter = new JobSpec.Adapter("remix", 8, 2, 4, 2, 2, "rslora", "expert", List.of("up_proj"), 1);

        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> runSpec(adapter, Jobs.OPTIONS))
                .withMessageContaining("adapter.routing")
                .withMessageContaining("'expert'")
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_SPEC);
                    assertThat(failure.hint()).contains("sequence, token");
                });
    }

    @Test
    void unknownKindOfAdapterIsRefused() {
        var adapter = new JobSpec.Adapter("prefix", 1, 1, 8, 1, 16, "lora", "sequence", List.of("down_proj"), 1);

        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> runSpec(adapter, Jobs.OPTIONS))
                .withMessageContaining("'prefix' of adapter.type");
    }

    private static RunSpec runSpec(JobSpec.Adapter adapter, JobSpec.Options options) {
        return RunSpecs.of(Jobs.spec(MODEL, adapter, options), Path.of("tiny"), FILES);
    }
}
