package dev.remix.engine.decoder;

import static dev.remix.engine.decoder.DecoderConfig.refusal;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Architectures of transformers that one decoder computes, with what their configurations leave out. */
enum Family {
    LLAMA("llama", "LlamaForCausalLM", 10_000),
    MISTRAL("mistral", "MistralForCausalLM", 10_000),
    QWEN2("qwen2", "Qwen2ForCausalLM", 10_000),
    QWEN3("qwen3", "Qwen3ForCausalLM", 10_000),
    GEMMA2("gemma2", "Gemma2ForCausalLM", 10_000),
    GEMMA3("gemma3_text", "Gemma3ForCausalLM", 1_000_000);

    private final String modelType;
    private final String architecture;
    private final double ropeTheta;

    Family(String modelType, String architecture, double ropeTheta) {
        this.modelType = modelType;
        this.architecture = architecture;
        this.ropeTheta = ropeTheta;
    }

    static Family of(String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst()
                .orElseThrow(() -> refusal("model_type is " + modelType + "; supported are " + known()));
    }

    private static String known() {
        return Arrays.stream(values()).map(family -> family.modelType).collect(Collectors.joining(", "));
    }

    String architecture() {
        return architecture;
    }

    double ropeTheta() {
        return ropeTheta;
    }

    boolean gemma() {
        return this == GEMMA2 || this == GEMMA3;
    }
}
