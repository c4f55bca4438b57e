package dev.remix.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.train.RunSpec;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StudyJobTest {
    private final StudyJob demo = StudyJob.read(Path.of("../datasets/skills/demo-job.json"));

    @Test
    void theDemosJobIsOneThatTheEngineRuns() {
        RunSpec spec = run(demo, StudyKind.REMIX);
        AdapterSpec.Remix remix = (AdapterSpec.Remix) spec.adapter();
        assertThat(remix.reinforce().draws()).isGreaterThanOrEqualTo(2);
        assertThat(remix.pool().learningRateMultiplier()).isPositive();
        assertThat(spec.training()).isEqualTo(Path.of("data/train.jsonl"));
        assertThat(spec.seed()).isEqualTo(3);
    }

    @Test
    void rivalsDifferInOneThingOnly() {
        AdapterSpec.Remix remix = (AdapterSpec.Remix) run(demo, StudyKind.REMIX).adapter();
        AdapterSpec.Remix untrained =
                (AdapterSpec.Remix) run(demo, StudyKind.UNTRAINED_ROUTER).adapter();
        AdapterSpec.Lora lora = (AdapterSpec.Lora) run(demo, StudyKind.LORA).adapter();
        assertThat(untrained)
                .usingRecursiveComparison()
                .ignoringFields("pool.learningRateMultiplier")
                .isEqualTo(remix);
        assertThat(untrained.pool().learningRateMultiplier()).isZero();
        assertThat(lora.factors().rank())
                .isEqualTo(remix.active() * remix.factors().rank());
        assertThat(lora.factors().alpha()).isEqualTo(remix.factors().alpha());
        assertThat(run(demo, StudyKind.LORA).options())
                .isEqualTo(run(demo, StudyKind.REMIX).options());
    }

    @Test
    void membersCanBeChangedByTheirPath() {
        StudyJob changed = demo.with("training.learning_rate", "0.5")
                .with("adapter.routing", "token")
                .with("method.supervised.hyperparameters.batch_size", "8");
        RunSpec spec = run(changed, StudyKind.REMIX);
        assertThat(spec.options().learningRate()).isEqualTo(0.5);
        assertThat(spec.options().batchSize()).isEqualTo(8);
        assertThat(((AdapterSpec.Remix) spec.adapter()).pool().routing()).isEqualTo(AdapterSpec.Routing.TOKEN);
    }

    @Test
    void aMemberThatTheJobHasNotIsRefused() {
        assertThatThrownBy(() -> demo.with("training.learning_rat", "1")).hasMessageContaining("learning_rat");
    }

    private static RunSpec run(StudyJob job, StudyKind kind) {
        return job.run(Path.of("model"), Path.of("data"), 3, kind);
    }
}
