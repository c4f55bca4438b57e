package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Lora;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.text.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that begins with somebody's LoRA: here one that PEFT saved. */
class WarmStartTest {
    private static final AdapterGolden PEFTS = AdapterGolden.all().stream()
            .filter(golden -> golden.toString().equals("lora"))
            .findFirst()
            .orElseThrow();
    private static final Batch LESSONS = new Batch(PEFTS.lessons());

    @TempDir
    private Path directory;

    private Path adapter;

    @BeforeEach
    void copy() throws IOException {
        adapter = Files.createDirectory(directory.resolve("lora"));
        for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
            Files.copy(PEFTS.directory().resolve(name), adapter.resolve(name));
        }
    }

    @Test
    void firstLossIsThatOfTheAdapterItStartsFrom() {
        RunSpec spec = spec(lora(3, 5, false, EnumSet.allOf(Target.class)));
        try (Trainee trainee = new Trainee(Replicas.create(spec), spec)) {
            double first = trainee.step(new StepInputs(LESSONS, 1, 1e-2)).loss();
            assertThat(first).isCloseTo(PEFTS.loss(), within(1e-5 * PEFTS.loss()));
            assertThat(trainee.step(new StepInputs(LESSONS, 2, 1e-2)).loss()).isLessThan(first);
        }
    }

    @Test
    void trainsWithTheRunsOwnDropout() {
        RunSpec spec = spec(new Lora(new Factors(3, 5, Scaling.LORA, EnumSet.allOf(Target.class), 0.5)));
        try (Trainee trainee = new Trainee(Replicas.create(spec), spec)) {
            assertThat(trainee.evaluate(LESSONS).loss() / LESSONS.weight())
                    .isCloseTo(PEFTS.loss(), within(1e-5 * PEFTS.loss()));
            assertThat(trainee.step(new StepInputs(LESSONS, 1, 1e-2)).loss())
                    .isNotCloseTo(PEFTS.loss(), within(1e-3 * PEFTS.loss()));
        }
    }

    @Test
    void continuesWhatItSavedItself() {
        RunSpec fresh = new RunSpec(
                PEFTS.model(),
                Path.of("unread"),
                null,
                null,
                3,
                TinyModel.mixture(Routing.TOKEN),
                TinyModel.options(1, 2, 1e-2));
        Path saved = directory.resolve("saved");
        double loss;
        try (Trainee trainee = new Trainee(Replicas.create(fresh), fresh)) {
            trainee.step(new StepInputs(LESSONS, 1, 1e-2));
            loss = trainee.evaluate(LESSONS).loss();
            saved.toFile().mkdirs();
            trainee.save(saved, "base");
        }
        adapter = saved;
        RunSpec again = spec(TinyModel.mixture(Routing.TOKEN));
        try (Trainee trainee = new Trainee(Replicas.create(again), again)) {
            assertThat(trainee.evaluate(LESSONS).loss()).isEqualTo(loss);
        }
    }

    @Test
    void refusesAnAdapterOfAnotherKindOrShapeAndNamesTheMember() {
        EnumSet<Target> all = EnumSet.allOf(Target.class);
        refuses(lora(4, 5, false, all), "r is 3 and the specification's 4");
        refuses(lora(3, 6, false, all), "lora_alpha is 5 and the specification's 6");
        refuses(lora(3, 5, true, all), "use_dora is false and the specification's true");
        refuses(new Lora(new Factors(3, 5, Scaling.RSLORA, all)), "use_rslora is false and the specification's true");
        refuses(
                lora(3, 5, false, EnumSet.of(Target.UP_PROJ)),
                "target_modules is [\"q_proj\",\"k_proj\",\"v_proj\",\"o_proj\",\"gate_proj\",\"up_proj\",\"down_proj\"]"
                        + " and the specification's [\"up_proj\"]");
        refuses(TinyModel.mixture(Routing.TOKEN), "peft_type is \"LORA\" and the specification's \"REMIX\"");
    }

    private void refuses(AdapterSpec wanted, String difference) {
        assertThatThrownBy(() -> Replicas.create(spec(wanted)))
                .isInstanceOf(EngineException.class)
                .hasMessage(
                        "The initial adapter's " + difference + "; start from an adapter of the same kind and shape.");
    }

    @Test
    void refusesAnAdapterWhereEverythingIsTrained() {
        assertThatThrownBy(() -> Replicas.create(spec(new AdapterSpec.FullParameters())))
                .hasMessage("Training every weight starts from the model, not from an adapter.");
    }

    @Test
    void refusesAnAdapterOfAnotherModelBeforeItsWeightsAreRead() {
        Path noWeights = TinyModel.directory(directory.resolve("tiny"));
        RunSpec spec = new RunSpec(
                noWeights,
                Path.of("unread"),
                null,
                null,
                adapter,
                3,
                lora(3, 5, false, EnumSet.allOf(Target.class)),
                TinyModel.options(1, 2, 1e-2));
        assertThatThrownBy(() -> Replicas.create(spec))
                .hasMessageStartingWith(
                        "The adapter's base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight has"
                                + " the shape [3, 32]; this model and its configuration need [3, 16].");
    }

    private static Lora lora(int rank, double alpha, boolean magnitude, EnumSet<Target> targets) {
        return new Lora(new Factors(rank, alpha, Scaling.LORA, targets), magnitude);
    }

    private RunSpec spec(AdapterSpec wanted) {
        return new RunSpec(
                PEFTS.model(), Path.of("unread"), null, null, adapter, 3, wanted, TinyModel.options(1, 2, 1e-2));
    }
}
