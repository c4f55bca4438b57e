package dev.remix.engine.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.remix.engine.weights.SafetensorsFile;
import dev.remix.engine.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The scripts still give the goldens: other rounding and other patch releases apart, the same. */
@Tag("python")
class GoldensRemadeTest {
    private static final double ROUNDING = 1e-5;

    @TempDir
    private Path remade;

    @ParameterizedTest
    @CsvSource({"make_chat_goldens.py, chat", "make_goldens.py, models", "make_adapter_goldens.py, adapters"})
    void giveTheSameAgain(String script, String directory) throws IOException {
        Python.withLibraries().run(script, remade);
        Path goldens = Path.of("src/test/resources/goldens", directory);
        assertThat(files(remade)).isEqualTo(files(goldens)).isNotEmpty();
        for (Path file : files(goldens)) {
            requireEqual(goldens.resolve(file), remade.resolve(file));
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(directory::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static void requireEqual(Path golden, Path again) throws IOException {
        if (golden.toString().endsWith(".safetensors")) {
            requireEqualTensors(golden, again);
        } else {
            requireEqual(golden.toString(), json(golden), json(again));
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readAllBytes(file));
    }

    private static void requireEqual(String where, JsonNode golden, JsonNode again) {
        if (golden.isFloatingPointNumber()) {
            assertThat(again.asDouble())
                    .as(where)
                    .isCloseTo(golden.doubleValue(), within(ROUNDING * (1 + golden.doubleValue())));
        } else if (golden.isContainer()) {
            assertThat(again.propertyNames()).as(where).isEqualTo(golden.propertyNames());
            assertThat(again.size()).as(where).isEqualTo(golden.size());
            for (Map.Entry<String, JsonNode> member : golden.properties()) {
                if (member.getKey().equals("madeBy")) {
                    continue;
                }
                requireEqual(where + "/" + member.getKey(), member.getValue(), again.path(member.getKey()));
            }
            for (int i = 0; golden.isArray() && i < golden.size(); i++) {
                requireEqual(where + "/" + i, golden.get(i), again.get(i));
            }
        } else {
            assertThat(again).as(where).isEqualTo(golden);
        }
    }

    private static void requireEqualTensors(Path golden, Path again) {
        try (SafetensorsFile expected = SafetensorsFile.open(golden);
                SafetensorsFile found = SafetensorsFile.open(again)) {
            assertThat(found.names()).as("%s", golden).isEqualTo(expected.names());
            for (String name : expected.names()) {
                requireEqual(golden + "/" + name, expected.read(name), found.read(name));
            }
        }
    }

    private static void requireEqual(String where, Weight golden, Weight again) {
        assertThat(again.shape()).as(where).isEqualTo(golden.shape());
        for (int i = 0; i < golden.values().length; i++) {
            double value = golden.values()[i];
            assertThat((double) again.values()[i]).as(where).isCloseTo(value, within(ROUNDING * (1 + Math.abs(value))));
        }
    }
}
