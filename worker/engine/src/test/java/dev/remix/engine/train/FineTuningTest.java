package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.train.RunOutcome.Finished;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {
    @TempDir
    private Path directory;

    @Test
    void pretrainsAModelThatCanBeLoadedAgain() {
        Path model = TinyModel.directory(directory.resolve("model"));
        RunSpec spec = TinyModel.spec(model, new AdapterSpec.FullParameters());
        Recording recording = new Recording();

        Finished first = (Finished) FineTuning.run(
                spec, TinyModel.batches(), null, recording.directory(directory, "first"), recording, recording);

        assertThat(recording.losses()).hasSize(first.steps());
        assertThat(first.lossLast()).isLessThan(first.lossFirst() / 2);
        RunSpec again = TinyModel.spec(first.adapterDirectory(), new AdapterSpec.FullParameters());
        Recording second = new Recording();
        FineTuning.run(again, TinyModel.batches(), null, second.directory(directory, "second"), second, second);
        assertThat(second.losses().getFirst()).isLessThan(first.lossFirst() / 2);
    }
}
