package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.train.RunOutcome.Finished;
import dev.remix.engine.train.RunOutcome.ForcedRouting;
import dev.remix.engine.train.RunOutcome.Stopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FineTuningTest {
    @TempDir
    private static Path shared;

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

    @ParameterizedTest
    @MethodSource("kinds")
    void lowersTheLoss(AdapterSpec kind) {
        Recording recording = new Recording();
        Finished run = (Finished) run(kind, "run", null, recording);

        assertThat(run.lossLast()).isLessThan(run.lossFirst() * 0.6);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theSameSeedGivesTheSameLossesBitForBit(AdapterSpec kind) {
        Recording first = new Recording();
        Recording second = new Recording();

        run(kind, "first", null, first);
        run(kind, "second", null, second);

        assertThat(second.losses()).isEqualTo(first.losses());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aResumedRunIsTheUninterruptedOneBitForBit(AdapterSpec kind) throws IOException {
        Recording whole = new Recording();
        Recording begun = new Recording(23);
        Recording resumed = new Recording();

        Finished uninterrupted = (Finished) run(kind, "whole", null, whole);
        RunOutcome stopped = run(kind, "begun", null, begun);
        Finished finished = (Finished) run(kind, "resumed", begun.checkpoints().get(23), resumed);

        assertThat(stopped).isEqualTo(new Stopped(23));
        assertThat(resumed.losses())
                .isEqualTo(whole.losses().subList(23, whole.losses().size()));
        assertThat(finished.lossFirst()).isEqualTo(uninterrupted.lossFirst());
        assertThat(finished.lossLast()).isEqualTo(uninterrupted.lossLast());
        assertThat(finished.trainedTokens()).isEqualTo(uninterrupted.trainedTokens());
        assertThat(weights(finished)).isEqualTo(weights(uninterrupted));
    }

    @Test
    void refusesACheckpointOfAnotherRun() {
        Recording begun = new Recording(2);
        run(TinyModel.lora(), "begun", null, begun);

        assertThatThrownBy(() -> run(
                        TinyModel.mixture(Routing.SEQUENCE),
                        "other",
                        begun.checkpoints().get(2),
                        new Recording()))
                .isInstanceOf(EngineException.class)
                .hasMessage("The checkpoint is of a run with another specification.");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void writesWhatItsKindPromises(AdapterSpec kind) {
        Finished run = (Finished) run(kind, "run", null, new Recording());

        assertThat(run.adapterDirectory())
                .isDirectoryContaining(
                        kind instanceof AdapterSpec.FullParameters
                                ? "glob:**/model.safetensors"
                                : "glob:**/SHA256SUMS");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void examinesTheModelBeforeAndAfterOnHeldOutQuestions(AdapterSpec kind) {
        Path train = TinyModel.chats(directory.resolve("train.jsonl"), 128);
        Path test = TinyModel.chats(directory.resolve("test.jsonl"), 12);
        RunSpec spec = new RunSpec(model, train, test, test, 7, kind, TinyModel.options(12, 16, 3e-2));
        Recording recording = new Recording();

        Finished run =
                (Finished) FineTuning.run(spec, null, recording.directory(directory, "run"), recording, recording);

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

    private RunOutcome run(AdapterSpec kind, String name, @Nullable Path checkpoint, Recording recording) {
        RunSpec spec = TinyModel.spec(model, kind);
        return FineTuning.run(
                spec, TinyModel.otherBatches(), checkpoint, recording.directory(directory, name), recording, recording);
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
