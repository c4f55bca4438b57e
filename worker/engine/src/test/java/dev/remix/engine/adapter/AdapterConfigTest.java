package dev.remix.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.EngineException;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Configurations as PEFT writes them; single quotes stand for double ones. */
class AdapterConfigTest {
    private static final String PEFT = """
            {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 8, "lora_alpha": 16, "lora_dropout": 0.0, "bias": "none",
             "target_modules": ["v_proj", "q_proj"], "use_rslora": false, "use_dora": false, "init_lora_weights": true,
             "modules_to_save": null, "rank_pattern": {}, "alpha_pattern": {}, "layers_to_transform": null,
             "megatron_core": "megatron.core", "qalora_group_size": 16, "peft_version": "0.18.0", "loftq_config": {}}
            """;

    @Test
    void readsALoraOfPeftsWithItsTargetsInAnyOrder() {
        assertThat(AdapterConfig.fromJson(peft()))
                .isEqualTo(new AdapterSpec.Lora(
                        new Factors(8, 16, Scaling.LORA, EnumSet.of(Target.Q_PROJ, Target.V_PROJ))));
    }

    @Test
    void takesAllLinearForAllSeven() {
        ObjectNode json = peft();
        json.put("target_modules", "all-linear");
        json.put("use_dora", true);
        json.put("use_rslora", true);
        assertThat(AdapterConfig.fromJson(json))
                .isEqualTo(new AdapterSpec.Lora(new Factors(8, 16, Scaling.RSLORA, EnumSet.allOf(Target.class)), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "modules_to_save       | ['lm_head']",
                "bias                  | 'all'",
                "bias                  | 'lora_only'",
                "rank_pattern          | {'q_proj':4}",
                "alpha_pattern         | {'q_proj':4}",
                "layers_to_transform   | [0,1]",
                "layers_to_transform   | 1",
                "layer_replication     | [[0,2],[1,3]]",
                "exclude_modules       | ['v_proj']",
                "trainable_token_indices | [1]",
                "target_parameters     | ['mlp.experts']",
                "fan_in_fan_out        | true",
                "lora_bias             | true",
                "use_qalora            | true",
                "alora_invocation_tokens | [3]",
                "task_type             | 'SEQ_CLS'",
                "something_new         | 1"
            })
    void refusesByNameWhatWouldComputeSomethingElse(String member, String value) {
        ObjectNode json = peft();
        String text = value.replace('\'', '"');
        json.set(member, JsonMapper.shared().readTree(text));
        assertThatThrownBy(() -> AdapterConfig.fromJson(json))
                .isInstanceOf(EngineException.class)
                .hasMessage("adapter_config.json: %s is %s, which is not supported; train the adapter without it."
                        .formatted(member, text));
    }

    @Test
    void refusesWeightsThatBelongToAnotherBase() {
        ObjectNode json = peft();
        json.put("init_lora_weights", "pissa");
        refuses(
                json,
                "adapter_config.json: init_lora_weights is \"pissa\", which is not supported; it changes the base model's"
                        + " weights: save the adapter with PEFT's path_initial_model_for_weight_conversion.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lm_head", "embed_tokens", "model.layers.0.self_attn.q_proj"})
    void refusesTargetsThatAreNoProjection(String target) {
        ObjectNode json = peft();
        json.putArray("target_modules").add("q_proj").add(target);
        refuses(
                json,
                "adapter_config.json: target_modules is %s; it has to be one of q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj."
                        .formatted(target));
    }

    @Test
    void refusesTargetsThatAreAPattern() {
        ObjectNode json = peft();
        json.put("target_modules", ".*_proj");
        refuses(
                json,
                "adapter_config.json: target_modules is \".*_proj\"; it has to be a list out of q_proj, k_proj, v_proj, o_proj, gate_proj,"
                        + " up_proj, down_proj, or \"all-linear\".");
    }

    @Test
    void refusesOtherKindsAndTypes() {
        ObjectNode json = peft();
        json.put("peft_type", "LOHA");
        refuses(
                json,
                "adapter_config.json: peft_type is LOHA; it has to be LORA, REMIX, MIXLORA, HYDRALORA or SOFTMIX.");
        json = peft();
        json.put("r", "8");
        refuses(json, "adapter_config.json: r is \"8\"; it has to be a whole number.");
        json = peft();
        json.put("use_dora", "yes");
        refuses(json, "adapter_config.json: use_dora is \"yes\"; it has to be true or false.");
        json = peft();
        json.remove("target_modules");
        refuses(
                json,
                "adapter_config.json: target_modules is missing; it has to be a list out of q_proj, k_proj, v_proj, o_proj, gate_proj,"
                        + " up_proj, down_proj, or \"all-linear\".");
    }

    private static void refuses(ObjectNode json, String message) {
        assertThatThrownBy(() -> AdapterConfig.fromJson(json))
                .isInstanceOf(EngineException.class)
                .hasMessage(message);
    }

    private static ObjectNode peft() {
        return (ObjectNode) JsonMapper.shared().readTree(PEFT);
    }
}
