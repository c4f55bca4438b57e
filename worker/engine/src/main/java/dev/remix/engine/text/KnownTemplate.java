package dev.remix.engine.text;

import static java.util.Map.entry;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import dev.remix.engine.text.MistralTemplate.Format;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Published templates, recognised by the SHA-256 of their sources, and what renders each. */
enum KnownTemplate {
    CHATML,
    SMOLLM2,
    QWEN2,
    QWEN2_5,
    QWEN3,
    LLAMA2,
    LLAMA3,
    LLAMA3_1,
    MISTRAL_FIRST,
    MISTRAL_FIRST_SPACED,
    MISTRAL_FIRST_SYSTEM,
    MISTRAL_THIRD,
    MISTRAL_NEMO,
    GEMMA,
    GEMMA3;

    private static final Map<String, KnownTemplate> BY_DIGEST = Map.ofEntries(
            entry("fcf7a096fe99a48fd9ad2b250bf9237e96e8f48bffec1c7ea4d3f225176cd40e", CHATML),
            entry("d7b5b8c7b58f7a6bf868aa46a5f73ee976d7292f40fcb9c3e7a1defd8d235cfb", CHATML),
            // Qwen 3 Instruct 2507, which without tools is plain.
            entry("f793ff092670c6948b80c1f0083dec711f37f5baea83306be1f5b80eed6142da", CHATML),
            entry("de9cde7d1b0ca0cc87459a6673e0d12fb89c070bdb24e4a30b6e4d187b226221", SMOLLM2),
            entry("f0206845c9ebc3abb4735d44f286eb81ce99238ad2accc710c6fc60e6cb8ccc8", QWEN2),
            entry("3e1a3f2bc40ea2b1166f69e4975a421853cec9334f8ab84e4965d7164ce80da5", QWEN2_5),
            entry("a731952a9b959bd2c1c97dedae3912a9174edafaf73cc07c1c35775732eb7cef", QWEN3),
            entry("cefd4ea810a1433a1b7155b8768429b9d13e2a1c0d08f635f63fee4547c8bb8f", QWEN3),
            entry("e8d5b5a546d3f19df16a5320c614fab05bdc4edd50e850f1afd947b503ea41cf", LLAMA2),
            entry("4f46ecd43418f216df8c26936c60e5d04bcc81db47db5d86fbe889f64212dd4c", LLAMA3),
            // Asks for an answer even after one; nothing that is learnt changes by that.
            entry("b75e17085cfc511ead6d4fab84b86ab3c168ec7a332568a91d0889cdcba94394", LLAMA3),
            entry("9e524fa895bef0f013c6a5b119d54492b8e72228402d29cd3d4f25d7706a05a6", LLAMA3_1),
            entry("04fe98f7d82c4423800175c9380ee65bd212efe59a684e1b5c2b8e2105c09288", LLAMA3_1),
            entry("26a59556925c987317ce5291811ba3b7f32ec4c647c400c6cc7e3a9993007ba7", MISTRAL_FIRST),
            entry("7e995b379ec01747807246483647cd99030abf331653f1119e16d7ac041a3495", MISTRAL_FIRST_SPACED),
            entry("722c892f1393b347e028630e8882dcf039a0b1d34533e9701671d6bccac93861", MISTRAL_FIRST_SYSTEM),
            entry("c31e888c123466e41cd671405c54cbab38b0c1b781fd76dd15c19a12681aa9eb", MISTRAL_THIRD),
            entry("562d2cf3fd14b09ac013cc1dba5a077549dd062eefa8729da3c89cf34f290af5", MISTRAL_NEMO),
            entry("1e51d5c0fec2f83da1953fb850b7b532b7da02d0dc35f9201e671e0b9a35a123", GEMMA),
            entry("92b207aa00028ea69fea9d5e11a202f0838b3335f7b9ecddec6f08e010250173", GEMMA3));

    /** The template with this Jinja source, or INVALID_SPEC naming the model, what is known and how theirs begins. */
    static KnownTemplate of(String model, String source) {
        return Optional.ofNullable(BY_DIGEST.get(digest(source)))
                .orElseThrow(() -> new EngineException(Kind.INVALID_SPEC, unknown(model, source)));
    }

    /** What renders it. */
    ChatTemplate with(BoundaryTokens tokens) {
        return switch (this) {
            case CHATML -> new ChatMlTemplate("");
            case SMOLLM2 -> new ChatMlTemplate("You are a helpful AI assistant named SmolLM, trained by Hugging Face");
            case QWEN2 -> new ChatMlTemplate("You are a helpful assistant.");
            case QWEN2_5 -> new ChatMlTemplate("You are Qwen, created by Alibaba Cloud. You are a helpful assistant.");
            case QWEN3 -> new Qwen3Template();
            case LLAMA2 -> new Llama2Template(tokens.beginning(), tokens.end());
            case LLAMA3 -> new Llama3Template(tokens.beginning(), false);
            case LLAMA3_1 -> new Llama3Template(tokens.beginning(), true);
            case MISTRAL_FIRST -> new MistralTemplate(tokens, Format.FIRST);
            case MISTRAL_FIRST_SPACED -> new MistralTemplate(tokens, Format.FIRST_SPACED);
            case MISTRAL_FIRST_SYSTEM -> new MistralTemplate(tokens, Format.FIRST_WITH_SYSTEM);
            case MISTRAL_THIRD -> new MistralTemplate(tokens, Format.THIRD);
            case MISTRAL_NEMO -> new MistralTemplate(tokens, Format.NEMO);
            case GEMMA -> new GemmaTemplate(tokens.beginning(), false);
            case GEMMA3 -> new GemmaTemplate(tokens.beginning(), true);
        };
    }

    /** Line feeds within a literal stand in some copies as themselves, in others escaped. */
    private static String digest(String source) {
        byte[] text = source.strip().replace("\n", "\\n").getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String unknown(String model, String source) {
        String known = Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
        String stripped = source.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        return stripped.isEmpty()
                ? "model %s has no chat template; supported are %s".formatted(model, known)
                : "the chat template of model %s is not one that is supported (%s); it begins: %s"
                        .formatted(model, known, stripped.substring(0, Math.min(60, stripped.length())));
    }
}
