package dev.remix.agent.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remix.engine.adapter.AdapterSpec;
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
import org.junit.jupiter.api.Test;

class RunSpecsTest {
    private static final Set<Target> FEED_FORWARD = Set.of(Target.GATE_PROJ, Target.UP_PROJ, Target.DOWN_PROJ);
    private static final JobSpec.Model MODEL = new JobSpec.Model("tiny", "0");

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
    }

    @Test
    void loraTakesOnlyWhatItHas() {
        var lora = new JobSpec.Adapter("lora", 1, 1, 8, 1, 16, "lora", "sequence", List.of("down_proj"), 1);

        assertThat(runSpec(lora, Jobs.OPTIONS).adapter())
                .isEqualTo(new AdapterSpec.Lora(new Factors(8, 16, Scaling.LORA, Set.of(Target.DOWN_PROJ))));
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
        var adapter = new JobSpec.Adapter("dora", 1, 1, 8, 1, 16, "lora", "sequence", List.of("down_proj"), 1);

        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> runSpec(adapter, Jobs.OPTIONS))
                .withMessageContaining("'dora' of adapter.type");
    }

    private static RunSpec runSpec(JobSpec.Adapter adapter, JobSpec.Options options) {
        return RunSpecs.of(
                Jobs.spec(MODEL, adapter, options),
                Path.of("tiny"),
                new DataFiles(Path.of("training.jsonl"), null, null));
    }
}
