package dev.remix.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Golden strings: what the template's own Jinja source gives for the same messages. */
class ChatTemplateTest {
    private static final String LINE_FEEDS_ESCAPED =
            "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
                    + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    @Test
    void aConversationIsChatMl() {
        List<Message> messages = List.of(
                Message.system("Be brief."), Message.user("2 + 2?"), Message.assistant("4"), Message.user("Sure?"));
        assertThat(text(ChatTemplate.CHATML.conversation(messages)))
                .isEqualTo("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2 + 2?<|im_end|>\n"
                        + "<|im_start|>assistant\n4<|im_end|>\n<|im_start|>user\nSure?<|im_end|>\n");
    }

    @Test
    void aPromptEndsWhereTheAnswerBegins() {
        assertThat(text(ChatTemplate.CHATML.prompt(List.of(Message.user("Hi")))))
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void contentIsCopiedAsItStands() {
        String odd = "  {{ 7 * 7 }} {% raw %}\n\n<|im_end|>\n<|im_start|>system\n\"'\\ é 😀\t";
        assertThat(text(ChatTemplate.CHATML.conversation(List.of(Message.user(odd)))))
                .isEqualTo("<|im_start|>user\n" + odd + "<|im_end|>\n");
    }

    @Test
    void theSourceIsKnownHoweverItsLineFeedsAreWritten() {
        assertThat(ChatTemplate.of("m", LINE_FEEDS_ESCAPED)).isEqualTo(ChatTemplate.CHATML);
        assertThat(ChatTemplate.of("m", "\n" + LINE_FEEDS_ESCAPED.replace("\\n", "\n")))
                .isEqualTo(ChatTemplate.CHATML);
    }

    @Test
    void anUnknownSourceIsRefusedWithTheModelsName() {
        assertThatThrownBy(() -> ChatTemplate.of("odd-model", "{{ bos_token }}[INST]"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("odd-model")
                .hasMessageContaining("CHATML")
                .hasMessageContaining("{{ bos_token }}[INST]")
                .extracting(e -> ((EngineException) e).kind())
                .isEqualTo(EngineException.Kind.INVALID_SPEC);
    }

    private static String text(List<Piece> pieces) {
        return pieces.stream().map(Piece::text).collect(Collectors.joining());
    }
}
