package dev.remix.service.job;

import java.util.List;

/** The words a job's specification may use where it chooses; the worker knows each of them. */
final class JobVocabulary {
    static final String REMIX = "remix";
    static final String LORA = "lora";

    static final String RSLORA = "rslora";
    static final List<String> SCALINGS = List.of(LORA, RSLORA);

    static final String BLOCK = "block";
    static final List<String> ROUTERS = List.of(BLOCK, "projection");

    static final String MEAN = "mean";
    static final List<String> ADAPTER_GRADIENTS = List.of(MEAN, "single");

    static final String SEQUENCE = "sequence";
    static final List<String> ROUTINGS = List.of(SEQUENCE, "token");

    static final List<String> FEED_FORWARD = List.of("gate_proj", "up_proj", "down_proj");
    static final List<String> TARGETS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    static final String F32 = "f32";
    static final String BF16 = "bf16";
    static final List<String> PRECISIONS = List.of(F32, BF16);

    static final String COSINE = "cosine";
    static final List<String> SCHEDULES = List.of(COSINE, "linear", "constant");

    private JobVocabulary() {}
}
