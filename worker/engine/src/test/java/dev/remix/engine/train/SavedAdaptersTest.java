package dev.remix.engine.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.parity.Python;
import dev.remix.engine.text.Batch;
import dev.remix.engine.weights.NumberFormat;
import dev.remix.engine.weights.SafetensorsWriter;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the engine trained and saved says the same in Python: by PEFT without a warning, and by the module that it carries. */
@Tag("python")
class SavedAdaptersTest {
    private static final int STEPS = 3;
    private static final int ANSWER = 12;

    @TempDir
    private Path directory;

    @Test
    void sayTheSameInPython() throws IOException {
        Python python = Python.withLibraries();
        for (AdapterGolden golden : AdapterGolden.all()) {
            trainAndSave(golden, Files.createDirectory(directory.resolve(golden.toString())));
        }
        python.run("check_saved_adapters.py", directory);
    }

    @Test
    void theModuleRefusesWhatItsOwnTestsSay() throws IOException {
        Python.withLibraries().run("test_remix_adapter.py");
    }

    private static void trainAndSave(AdapterGolden golden, Path directory) throws IOException {
        RunSpec spec = golden.warmStart();
        try (Trainee trainee = new Trainee(Replicas.create(spec), spec)) {
            for (int step = 1; step <= STEPS; step++) {
                StepFigures figures = trainee.step(new StepInputs(new Batch(golden.lessons()), step, 1e-2));
                assertThat(figures.finite()).isTrue();
            }
            trainee.save(directory, golden.model().getFileName().toString());
            write(golden, new AdaptedModel(trainee.replica()), directory);
        }
    }

    private static void write(AdapterGolden golden, AdaptedModel model, Path directory) {
        List<int[]> sequences = golden.sequences();
        List<Weight> logits = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            float[] values = model.logits(sequences.get(i));
            long length = sequences.get(i).length;
            logits.add(new Weight("sequence." + i, List.of(length, values.length / length), values));
        }
        SafetensorsWriter.write(directory.resolve("logits.safetensors"), logits, NumberFormat.F32, Map.of());
        ObjectNode said = JsonMapper.shared().createObjectNode();
        said.put("model", golden.model().toAbsolutePath().toString());
        said.putPOJO("sequences", sequences);
        said.putPOJO("prompts", golden.prompts());
        said.putPOJO("answers", model.answers(golden.prompts(), ANSWER));
        JsonMapper.shared().writeValue(directory.resolve("said.json"), said);
    }
}
