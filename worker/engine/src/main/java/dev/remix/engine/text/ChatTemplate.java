package dev.remix.engine.text;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A chat template that this program renders itself.
 *
 * <p>A model brings its template as a Jinja program. Running it would let a model's file, and with a careless engine the
 * text of a user, decide what is executed here; so a template is recognised by its exact source and rendered by code of
 * ours that tests hold against golden strings. A source that is not known is refused.
 */
enum ChatTemplate {
    /** {@code <|im_start|>role\ncontent<|im_end|>\n} for each turn, and no system turn that was not sent. */
    CHATML(
            "<|im_end|>",
            "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] +"
                    + " '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}"
                    + "{{ '<|im_start|>assistant\\n' }}{% endif %}") {
        @Override
        Stream<Piece> turn(Message message) {
            String role = message.role().name().toLowerCase(Locale.ROOT);
            return message.role() == Message.Role.ASSISTANT
                    ? Stream.concat(answerHead(), answer(message))
                    : Stream.of(
                            Piece.control("<|im_start|>", false),
                            Piece.text(role + "\n" + message.content(), false),
                            Piece.control("<|im_end|>", false),
                            Piece.text("\n", false));
        }

        @Override
        Stream<Piece> answerHead() {
            return Stream.of(Piece.control("<|im_start|>", false), Piece.text("assistant\n", false));
        }

        private Stream<Piece> answer(Message message) {
            return Stream.of(
                    Piece.text(message.content(), message.learnt()),
                    Piece.control("<|im_end|>", message.learnt()),
                    Piece.text("\n", false));
        }
    };

    private final String endOfTurn;
    private final String source;

    ChatTemplate(String endOfTurn, String source) {
        this.endOfTurn = endOfTurn;
        this.source = source;
    }

    /** The template with this Jinja source, or INVALID_SPEC naming the model, what is known and how theirs begins. */
    static ChatTemplate of(String model, String source) {
        return Arrays.stream(values())
                .filter(template -> template.source.equals(withEscapes(source.strip())))
                .findFirst()
                .orElseThrow(() -> new EngineException(Kind.INVALID_SPEC, unknown(model, source)));
    }

    /** A line feed within a literal may stand in the source as itself or escaped. */
    private static String withEscapes(String source) {
        return source.replace("\n", "\\n");
    }

    private static String unknown(String model, String source) {
        String known = Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
        String head = source.strip().substring(0, Math.min(60, source.strip().length()));
        return "the chat template of model %s is not one that is supported (%s); it begins: %s"
                .formatted(model, known, head);
    }

    abstract Stream<Piece> turn(Message message);

    /** What stands before an answer that is still to be generated. */
    abstract Stream<Piece> answerHead();

    String endOfTurn() {
        return endOfTurn;
    }

    /** A whole conversation, as it is trained on. */
    List<Piece> conversation(List<Message> messages) {
        return messages.stream().flatMap(this::turn).toList();
    }

    /** A conversation that waits for the assistant's answer. */
    List<Piece> prompt(List<Message> messages) {
        return Stream.concat(messages.stream().flatMap(this::turn), answerHead())
                .toList();
    }
}
