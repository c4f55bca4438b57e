package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The files of a tokenizer with one thing wrong in them: the one sentence says which. */
class DamagedTokenizerTest {
    private static final Path SOUND = Path.of("../../models/remix-tiny");
    private static final int VOCABULARY = 264;

    @TempDir
    private Path parent;

    private Path model = Path.of("unset");

    @BeforeEach
    void copyASoundOne() throws IOException {
        model = Files.createDirectory(parent.resolve("tiny"));
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(SOUND.resolve(name), model.resolve(name));
        }
    }

    @Test
    void isSoundToBeginWith() {
        ChatTokenizer.open(model, VOCABULARY).close();
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                tokenizer(
                        "an id beyond the embedding",
                        json -> json.withArray("added_tokens")
                                .addObject()
                                .put("content", "x")
                                .put("id", VOCABULARY),
                        Kind.INVALID_SPEC,
                        "The tokenizer of model tiny has ids up to 264, but its config.json has a vocab_size of 264; the two"
                                + " files are not of one model."),
                tokenizer(
                        "a vocabulary beyond the embedding",
                        json -> vocabulary(json).put("x", 100_000),
                        Kind.INVALID_SPEC,
                        "The tokenizer of model tiny has ids up to 100000, but its config.json has a vocab_size of 264; the"
                                + " two files are not of one model."),
                tokenizer(
                        "a negative id",
                        json -> json.withArray("added_tokens")
                                .addObject()
                                .put("content", "x\ny")
                                .put("id", -1),
                        Kind.STORAGE,
                        "tokenizer.json is damaged: token x?y has no id; get the file again."),
                tokenizer(
                        "an id that is text",
                        json -> vocabulary(json).put("x", "7"),
                        Kind.STORAGE,
                        "tokenizer.json is damaged: token x has no id; get the file again."),
                tokenizer(
                        "a token that is none",
                        json -> json.withArray("added_tokens").add(7),
                        Kind.STORAGE,
                        "tokenizer.json is damaged: added_tokens has a member that is no token with its content; get the file"
                                + " again."),
                tokenizer(
                        "tokens that are no list",
                        json -> json.put("added_tokens", "x"),
                        Kind.STORAGE,
                        "tokenizer.json is damaged: added_tokens is not a list; get the file again."),
                tokenizer(
                        "no vocabulary",
                        json -> json.remove("model"),
                        Kind.STORAGE,
                        "tokenizer.json is damaged: its model has no vocab; get the file again."),
                tokenizer(
                        "a model of an unknown type",
                        json -> ((ObjectNode) json.get("model")).put("type", "Oracle"),
                        Kind.STORAGE,
                        "tokenizer.json is damaged or of a kind that can't be read; get the file again."),
                tokenizer(
                        "no token that ends a turn",
                        json -> json.putArray("added_tokens"),
                        Kind.INVALID_SPEC,
                        "the tokenizer of model tiny has no token <|im_start|>, which its chat template uses"),
                text("tokenizer.json", "", Kind.STORAGE, "tokenizer.json is damaged: it holds no JSON object."),
                text(
                        "tokenizer.json",
                        "{\"model\":",
                        Kind.STORAGE,
                        "tokenizer.json is damaged: it is not JSON (line 1, column 10)."),
                text(
                        "tokenizer_config.json",
                        "[]",
                        Kind.STORAGE,
                        "tokenizer_config.json is damaged: it holds no JSON object."),
                text(
                        "chat_template.jinja",
                        "{{\n evil }}",
                        Kind.INVALID_SPEC,
                        "the chat template of model tiny is not one that is supported ("
                                + Stream.of(KnownTemplate.values())
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", "))
                                + "); it begins: {{ evil }}"));
    }

    private static ObjectNode vocabulary(ObjectNode json) {
        return (ObjectNode) json.get("model").get("vocab");
    }

    private static Arguments tokenizer(String what, Consumer<ObjectNode> change, Kind kind, String sentence) {
        Damage damage = directory -> {
            Path file = directory.resolve("tokenizer.json");
            ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(file);
            change.accept(json);
            Files.writeString(file, json.toString());
        };
        return Arguments.of(what, damage, kind, sentence);
    }

    private static Arguments text(String file, String content, Kind kind, String sentence) {
        Damage damage = directory -> Files.writeString(directory.resolve(file), content);
        return Arguments.of(file + " of " + content.replace('\n', ' '), damage, kind, sentence);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void isRefusedInOneSentence(String what, Damage damage, Kind kind, String sentence) throws IOException {
        damage.to(model);
        assertThatThrownBy(() -> ChatTokenizer.open(model, VOCABULARY).close())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessage(sentence);
    }

    /** Something that happens to the directory. */
    @FunctionalInterface
    interface Damage {
        void to(Path directory) throws IOException;
    }
}
