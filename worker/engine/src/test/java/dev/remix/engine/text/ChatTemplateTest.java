package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.text.ChatGoldens.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChatTemplateTest {

    @ParameterizedTest
    @MethodSource("dev.remix.engine.text.ChatGoldens#all")
    void rendersWhatTheTemplateItselfRenders(Golden golden) {
        ChatTemplate template = ChatGoldens.renderer(golden.template());
        if (golden.refused()) {
            assertThatThrownBy(() -> template.render(golden.messages(), false))
                    .isInstanceOf(EngineException.class)
                    .extracting(e -> ((EngineException) e).kind())
                    .isEqualTo(EngineException.Kind.INVALID_DATA);
        } else {
            assertThat(text(template.render(golden.question(), true))).isEqualTo(golden.prompt());
            assertThat(text(template.render(golden.messages(), false))).isEqualTo(golden.conversation());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.remix.engine.text.ChatGoldens#all")
    void theLastAnswerAndItsEndAreLearnt(Golden golden) {
        if (!golden.refused()) {
            ChatTemplate template = ChatGoldens.renderer(golden.template());
            List<Message> asked = new ArrayList<>();
            golden.question().forEach(message -> asked.add(new Message(message.role(), message.content(), 0)));
            asked.add(golden.messages().getLast());
            List<Piece> pieces = template.render(asked, false);
            String learnt = text(pieces.stream().filter(Piece::learnt).toList());
            assertThat(learnt).endsWith(template.endOfTurn());
            assertThat(golden.conversation().strip()).isEqualTo((golden.prompt() + learnt).strip());
        }
    }

    @Test
    void everyKnownTemplateHasAGolden() {
        assertThat(ChatGoldens.templates())
                .extracting(name -> KnownTemplate.of(name, ChatGoldens.source(name)))
                .containsOnly(KnownTemplate.values())
                .containsAll(List.of(KnownTemplate.values()));
    }

    @Test
    void theSourceIsKnownHoweverItsLineFeedsAreWritten() {
        String source = ChatGoldens.source("chatml");
        assertThat(KnownTemplate.of("m", "\n" + source.replace("\\n", "\n"))).isEqualTo(KnownTemplate.CHATML);
        assertThat(KnownTemplate.of("m", ChatGoldens.source("llama3").replace("\n", "\\n")))
                .isEqualTo(KnownTemplate.LLAMA3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "llama2 | message 1 is the assistant's where the Llama 2 template wants the user's: user and assistant must"
                        + " take turns",
                "mistral_first_system | message 1 is the assistant's where the Mistral template wants the user's: user and"
                        + " assistant must take turns",
                "gemma3 | message 1 is the assistant's where the Gemma template wants the user's: user and assistant must take"
                        + " turns"
            })
    void aConversationThatATemplateRefusesIsRefusedByItsMessage(String template, String problem) {
        assertThatThrownBy(() -> ChatGoldens.renderer(template)
                        .render(List.of(Message.assistant("Hi"), Message.user("x")), true))
                .hasMessage(problem);
    }

    @Test
    void aSystemMessageIsRefusedWhereThereIsNoPlaceForIt() {
        assertThatThrownBy(() ->
                        ChatGoldens.renderer("gemma").render(List.of(Message.system("Hi"), Message.user("x")), true))
                .hasMessage(
                        "it has a system message, which the Gemma template has no place for; put it into the first user"
                                + " message");
    }

    @Test
    void anUnknownSourceIsRefusedWithTheModelsName() {
        assertThatThrownBy(() -> KnownTemplate.of("odd-model", "{{ bos_token }}[INST]"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("odd-model")
                .hasMessageContaining("CHATML, SMOLLM2, QWEN2, QWEN2_5")
                .hasMessageContaining("{{ bos_token }}[INST]")
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(EngineException.Kind.INVALID_SPEC);
    }

    @Test
    void aModelWithoutATemplateIsRefused() {
        assertThatThrownBy(() -> KnownTemplate.of("base-model", " "))
                .hasMessageStartingWith("model base-model has no chat template; supported are CHATML");
    }

    private static String text(List<Piece> pieces) {
        return pieces.stream().map(Piece::text).collect(Collectors.joining());
    }
}
