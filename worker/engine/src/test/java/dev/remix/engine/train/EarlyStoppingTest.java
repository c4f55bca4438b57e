package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.checkpoint.CheckpointFiles;
import dev.remix.engine.train.RunOutcome.Finished;
import dev.remix.engine.train.RunSpec.Stopping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The validation wants another answer than the training teaches, so that its loss must rise sooner or later. */
class EarlyStoppingTest {
    private static final Stopping PATIENT = new Stopping(2, 0, false);
    private static final Stopping BEST = new Stopping(2, 0, true);

    @TempDir
    private Path directory;

    private Path model = Path.of("unset");
    private Path train = Path.of("unset");
    private Path other = Path.of("unset");

    @BeforeEach
    void make() {
        model = TinyModel.untrained(directory.resolve("model"));
        train = TinyModel.chats(directory.resolve("train.jsonl"), 128, "ok");
        other = TinyModel.chats(directory.resolve("other.jsonl"), 12, "no");
    }

    private RunSpec spec(Stopping stopping) {
        RunSpec spec = new RunSpec(
                model, train, null, other, 7, TinyModel.mixture(Routing.SEQUENCE), TinyModel.options(12, 16, 3e-2));
        return Variants.stopping(spec, other, stopping);
    }

    private Finished run(RunSpec spec, String name, Recording recording) {
        return (Finished) FineTuning.run(spec, List.of(), recording.directory(directory, name), recording, recording);
    }

    @Test
    void endsTheRunWhenTheValidationHasNotImprovedForLongEnough() {
        Recording recording = new Recording();

        Finished run = run(spec(PATIENT), "run", recording);

        List<EvaluationReport> evaluations = validations(recording);
        int best = best(evaluations);
        assertThat(run.steps()).isEqualTo(best + 2 * Variants.EVALUATED_EVERY).isLessThan(96);
        assertThat(recording.steps()).hasSize(run.steps());
        assertThat(run.stateOf()).isEqualTo(run.steps());
        assertThat(recording.notes())
                .containsExactly("Stopped early: the validation loss has not improved for 2 evaluations.");
        assertThat(run.lossLast()).isPositive().isLessThan(run.lossFirst());
    }

    @Test
    void theResultIsTheStateThatEvaluatedBest() {
        Recording recording = new Recording();

        Finished run = run(spec(BEST), "run", recording);

        List<EvaluationReport> evaluations = validations(recording);
        assertThat(run.stateOf()).isEqualTo(best(evaluations)).isLessThan(run.steps());
        assertThat(recording.notes())
                .contains(
                        "The result is the state of step " + run.stateOf() + ", which had the lowest validation loss.");
        double lowest =
                evaluations.stream().mapToDouble(EvaluationReport::loss).min().orElseThrow();
        assertThat(Objects.requireNonNull(run.after()).loss()).isEqualTo(lowest);
    }

    @Test
    void aResumedRunStopsWhereTheUninterruptedOneDidAndKeepsTheSameState() throws IOException {
        Finished whole = run(spec(BEST), "whole", new Recording());
        Path begun = Files.createDirectories(directory.resolve("killed"));
        for (int step : new int[] {1, 4, whole.stateOf() + 1, whole.steps() - 1}) {
            Recording killed = Recording.killedBehind(step);
            // Of what the killed one left only the newest checkpoint reaches the next.
            Path next = Files.createDirectories(directory.resolve("killed" + step));
            FineTuning.run(spec(BEST), CheckpointFiles.newestFirst(begun), next, killed, killed);
            if (!CheckpointFiles.newestFirst(next).isEmpty()) {
                begun = next;
            }
        }
        Recording last = new Recording();
        Path end = Files.createDirectories(directory.resolve("end"));

        Finished resumed = (Finished)
                FineTuning.run(spec(BEST), CheckpointFiles.newestFirst(begun).subList(0, 1), end, last, last);

        assertThat(resumed.steps()).isEqualTo(whole.steps());
        assertThat(resumed.stateOf()).isEqualTo(whole.stateOf());
        assertThat(resumed.after()).isEqualTo(whole.after());
        assertThat(weights(resumed)).isEqualTo(weights(whole));
    }

    @Test
    void isRefusedWithoutAValidationFile() {
        for (Stopping stopping : List.of(PATIENT, new Stopping(0, 0, true))) {
            assertThatThrownBy(() -> Variants.stopping(spec(BEST), null, stopping))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_SPEC))
                    .hasMessage("Early stopping and keep_best go by a validation file, which this job has not.");
        }
    }

    private static List<EvaluationReport> validations(Recording recording) {
        return recording.evaluations().stream()
                .filter(report -> report.split() == EvaluationReport.Split.VALIDATION)
                .toList();
    }

    private static int best(List<EvaluationReport> evaluations) {
        return evaluations.stream()
                .min(Comparator.comparingDouble(EvaluationReport::loss))
                .orElseThrow()
                .step();
    }

    private static byte[] weights(Finished run) throws IOException {
        return Files.readAllBytes(run.adapterDirectory().resolve("adapter_model.safetensors"));
    }
}
