package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.train.RunOutcome.Finished;
import dev.remix.engine.train.RunOutcome.ForcedRouting;
import dev.remix.engine.train.RunOutcome.Stopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FineTuningTest {
    @TempDir
    private static Path shared;

    private static final Map<AdapterSpec, Whole> WHOLE = new HashMap<>();

    private static Path model = Path.of("unset");

    @TempDir
    private Path directory;

    @BeforeAll
    static void trainABase() {
        model = TinyModel.trained(shared.resolve("model"));
    }

    static Stream<AdapterSpec> kinds() {
        return Stream.of(
                TinyModel.mixture(Routing.SEQUENCE),
                TinyModel.mixture(Routing.TOKEN),
                TinyModel.lora(),
                new AdapterSpec.FullParameters());
    }

    /** A whole run of each kind, which several facts are read from. */
    private record Whole(Recording recording, Finished outcome) {}

    private static Whole whole(AdapterSpec kind) {
        return WHOLE.computeIfAbsent(kind, spec -> {
            Recording recording = new Recording();
            String name = "whole" + WHOLE.size();
            return new Whole(recording, (Finished) run(spec, recording.directory(shared, name), List.of(), recording));
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void lowersTheLoss(AdapterSpec kind) {
        Finished run = whole(kind).outcome();

        assertThat(run.lossLast()).isLessThan(run.lossFirst() * 0.6);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theSameSeedGivesTheSameLossesBitForBit(AdapterSpec kind) {
        Recording again = new Recording();

        run(kind, again.directory(directory, "again"), List.of(), again);

        assertThat(again.losses()).isEqualTo(whole(kind).recording().losses());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aResumedRunIsTheUninterruptedOneBitForBit(AdapterSpec kind) throws IOException {
        Recording begun = new Recording(23);
        Recording resumed = new Recording();
        Finished uninterrupted = whole(kind).outcome();
        List<Double> losses = whole(kind).recording().losses();

        RunOutcome stopped = run(kind, begun.directory(directory, "begun"), List.of(), begun);
        Finished finished = (Finished) run(
                kind,
                resumed.directory(directory, "resumed"),
                List.of(begun.checkpoints().get(23)),
                resumed);

        assertThat(stopped).isEqualTo(new Stopped(23));
        assertThat(resumed.losses()).isEqualTo(losses.subList(23, losses.size()));
        assertThat(finished.lossFirst()).isEqualTo(uninterrupted.lossFirst());
        assertThat(finished.lossLast()).isEqualTo(uninterrupted.lossLast());
        assertThat(finished.trainedTokens()).isEqualTo(uninterrupted.trainedTokens());
        assertThat(weights(finished)).isEqualTo(weights(uninterrupted));
    }

    @Test
    void stoppedAtAStepThatWasJustWrittenItIsNotWrittenAgain() {
        Recording stopped = new Recording(20);
        assertThat(run(TinyModel.lora(), stopped.directory(directory, "stopped"), List.of(), stopped))
                .isEqualTo(new Stopped(20));
        assertThat(stopped.checkpoints()).containsOnlyKeys(10, 20);
    }

    @Test
    void refusesACheckpointOfAnotherRun() {
        Recording begun = new Recording(2);
        run(TinyModel.lora(), begun.directory(directory, "begun"), List.of(), begun);

        assertThatThrownBy(() -> run(
                        TinyModel.mixture(Routing.SEQUENCE),
                        directory,
                        List.of(begun.checkpoints().get(2)),
                        new Recording()))
                .isInstanceOf(EngineException.class)
                .hasMessage("The checkpoint is of a run with another specification.");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void writesWhatItsKindPromises(AdapterSpec kind) {
        assertThat(whole(kind).outcome().adapterDirectory())
                .isDirectoryContaining(
                        kind instanceof AdapterSpec.FullParameters
                                ? "glob:**/model.safetensors"
                                : "glob:**/SHA256SUMS");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void examinesTheModelBeforeAndAfterOnHeldOutQuestions(AdapterSpec kind) {
        Path train = TinyModel.chats(directory.resolve("train.jsonl"), 128, "ok");
        Path test = TinyModel.chats(directory.resolve("test.jsonl"), 12, "ok");
        RunSpec spec = new RunSpec(model, train, test, test, 7, kind, TinyModel.options(12, 16, 3e-2));
        Recording recording = new Recording();

        Finished run =
                (Finished) FineTuning.run(spec, List.of(), recording.directory(directory, "run"), recording, recording);

        EvaluationReport before = Objects.requireNonNull(run.before());
        EvaluationReport after = Objects.requireNonNull(run.after());
        assertThat(before.exactMatch()).isZero();
        assertThat(after.exactMatch()).isGreaterThan(0.9);
        assertThat(after.loss()).isLessThan(before.loss() / 2);
        assertThat(run.samples()).hasSize(6);
        assertThat(run.samples().getFirst().after()).isEqualTo("ok");
        ForcedRouting forced = run.forcedRouting();
        assertThat(forced != null).isEqualTo(kind instanceof AdapterSpec.Remix);
        assertThat(forced == null ? after.loss() : forced.policyLoss()).isEqualTo(after.loss());
    }

    @Test
    void aBfloat16BaseTrainsToNearlyTheSameLoss() {
        Recording wide = new Recording();
        Recording half = new Recording();
        RunSpec spec = TinyModel.spec(model, TinyModel.mixture(Routing.SEQUENCE));

        FineTuning.run(spec, TinyModel.otherBatches(), List.of(), wide.directory(directory, "f32"), wide, wide);
        FineTuning.run(
                Variants.inBfloat16(spec),
                TinyModel.otherBatches(),
                List.of(),
                half.directory(directory, "bf16"),
                half,
                half);

        assertThat(half.losses().getFirst()).isCloseTo(wide.losses().getFirst(), withinPercentage(1));
        assertThat(half.losses()).isNotEqualTo(wide.losses());
        assertThat(half.losses().getLast()).isCloseTo(wide.losses().getLast(), withinPercentage(15));
    }

    @Test
    void refusesToTrainEveryWeightInBfloat16() {
        Recording recording = new Recording();
        RunSpec spec = Variants.inBfloat16(TinyModel.spec(model, new AdapterSpec.FullParameters()));

        assertThatThrownBy(() ->
                        FineTuning.run(spec, TinyModel.otherBatches(), List.of(), directory, recording, recording))
                .hasMessage("Precision bf16 is for a frozen base; training every weight needs f32.");
    }

    private static RunOutcome run(AdapterSpec kind, Path workDirectory, List<Path> checkpoints, Recording recording) {
        return FineTuning.run(
                TinyModel.spec(model, kind),
                TinyModel.otherBatches(),
                checkpoints,
                workDirectory,
                recording,
                recording);
    }

    private static byte[] weights(Finished run) throws IOException {
        try (Stream<Path> files = Files.list(run.adapterDirectory())) {
            Path file = files.filter(path -> path.toString().endsWith("model.safetensors"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllBytes(file);
        }
    }
}
