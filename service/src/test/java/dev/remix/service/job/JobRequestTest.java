package dev.remix.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.remix.protocol.Wire;
import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a request by itself, whatever models and files there are. */
class JobRequestTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                                    | /model                                  | required
                    {'model': ''}                                                         | /model                                  | invalid_type
                    {'model': 7}                                                          | /model                                  | invalid_type
                    {'modle': 'm'}                                                        | /modle                                  | unknown_field
                    {'adapter': 'remix'}                                                  | /adapter                                | invalid_type
                    {'adapter': {'type': 'prefix'}}                                       | /adapter/type                           | unknown_value
                    {'adapter': {'lora': 8}}                                              | /adapter/lora                           | unknown_field
                    {'adapter': {'loras': 0}}                                             | /adapter/loras                          | out_of_range
                    {'adapter': {'loras': 65}}                                            | /adapter/loras                          | out_of_range
                    {'adapter': {'loras': 2.5}}                                           | /adapter/loras                          | invalid_type
                    {'adapter': {'active': 0}}                                            | /adapter/active                         | out_of_range
                    {'adapter': {'rank': 0}}                                              | /adapter/rank                           | out_of_range
                    {'adapter': {'draws': 0}}                                             | /adapter/draws                          | out_of_range
                    {'adapter': {'alpha': 0}}                                             | /adapter/alpha                          | out_of_range
                    {'adapter': {'scaling': 'none'}}                                      | /adapter/scaling                        | unknown_value
                    {'adapter': {'routing': 'layer'}}                                     | /adapter/routing                        | unknown_value
                    {'adapter': {'targets': []}}                                          | /adapter/targets                        | invalid_type
                    {'adapter': {'targets': ['up_proj', 'lm_head']}}                      | /adapter/targets/1                      | unknown_value
                    {'adapter': {'router_learning_rate_multiplier': -1}}                  | /adapter/router_learning_rate_multiplier | out_of_range
                    {'adapter': {'routers': 'layer'}}                                     | /adapter/routers                        | unknown_value
                    {'adapter': {'dropout': 1}}                                           | /adapter/dropout                        | out_of_range
                    {'adapter': {'adapter_gradient': 'median'}}                           | /adapter/adapter_gradient               | unknown_value
                    {'adapter': {'normalise_advantages': 1}}                              | /adapter/normalise_advantages           | invalid_type
                    {'adapter': {'entropy_bonus': -1}}                                    | /adapter/entropy_bonus                  | out_of_range
                    {'adapter': {'uniform_divergence': -1}}                               | /adapter/uniform_divergence             | out_of_range
                    {'adapter': {'balance': -1}}                                          | /adapter/balance                        | out_of_range
                    {'training': {'micro_batch_tokens': 0}}                               | /training/micro_batch_tokens            | out_of_range
                    {'training': {'micro_batch_tokens': 'few'}}                           | /training/micro_batch_tokens            | invalid_type
                    {'training': {'recompute': 'yes'}}                                    | /training/recompute                     | invalid_type
                    {'training': {'replicas': 0}}                                         | /training/replicas                      | out_of_range
                    {'training': {'early_stopping': 3}}                                   | /training/early_stopping                | invalid_type
                    {'training': {'early_stopping': {}}}                                  | /training/early_stopping/patience       | required
                    {'training': {'early_stopping': {'patience': 0}}}                     | /training/early_stopping/patience       | out_of_range
                    {'training': {'early_stopping': {'patience': 3, 'min_delta': -1}}}    | /training/early_stopping/min_delta      | out_of_range
                    {'training': {'keep_best': 1}}                                        | /training/keep_best                     | invalid_type
                    {'training': {'learning_rate': -0.1}}                                 | /training/learning_rate                 | out_of_range
                    {'training': {'learning_rate': 0}}                                    | /training/learning_rate                 | out_of_range
                    {'training': {'learning_rate': 'auto'}}                               | /training/learning_rate                 | invalid_type
                    {'training': {'max_steps': 0}}                                        | /training/max_steps                     | out_of_range
                    {'training': {'max_sequence_length': 1}}                              | /training/max_sequence_length           | out_of_range
                    {'training': {'precision': 'fp8'}}                                    | /training/precision                     | unknown_value
                    {'training': {'warmup_ratio': 1}}                                     | /training/warmup_ratio                  | out_of_range
                    {'training': {'schedule': 'step'}}                                    | /training/schedule                      | unknown_value
                    {'training': {'weight_decay': -1}}                                    | /training/weight_decay                  | out_of_range
                    {'training': {'max_gradient_norm': 0}}                                | /training/max_gradient_norm             | out_of_range
                    {'training': {'packing': true}}                                       | /training/packing                       | unknown_field
                    {'method': {'type': 'dpo'}}                                           | /method/type                            | unknown_value
                    {'method': {'supervised': {'hyperparameters': {'n_epochs': 0}}}}      | /method/supervised/hyperparameters/n_epochs | out_of_range
                    {'method': {'supervised': {'hyperparameters': {'n_epochs': 'few'}}}}  | /method/supervised/hyperparameters/n_epochs | invalid_type
                    {'hyperparameters': {'batch_size': 0}}                                | /hyperparameters/batch_size             | out_of_range
                    {'hyperparameters': {'learning_rate_multiplier': -1}}                 | /hyperparameters/learning_rate_multiplier | out_of_range
                    {'hyperparameters': {}, 'method': {'supervised': {'hyperparameters': {}}}} | /hyperparameters                   | given_twice
                    {'suffix': 'a:b'}                                                     | /suffix                                 | out_of_range
                    {'seed': -1}                                                          | /seed                                   | out_of_range
                    {'priority': 1e3}                                                     | /priority                               | invalid_type
                    {'max_attempts': 0}                                                   | /max_attempts                           | out_of_range
                    {'metadata': {'team': 7}}                                             | /metadata/team                          | invalid_type
                    {'a/b~c': 1}                                                          | /a~1b~0c                                | unknown_field
                    """)
    void namesTheFieldThatIsAtFault(String body, String pointer, String code) {
        assertThatThrownBy(() -> JobRequest.read(Wire.json().readTree(body.replace('\'', '"'))))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.INVALID);
                    assertThat(refusal.problems())
                            .extracting(Problem::pointer, Problem::code)
                            .contains(tuple(pointer, code));
                });
    }

    @Test
    void tellsAllFaultsAtOnceAndNamesTheFirst() {
        assertThatThrownBy(() -> read("'adapter': {'rank': 0, 'draws': 0}"))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.param()).isEqualTo("adapter.rank");
                    assertThat(refusal.problems()).hasSize(2);
                });
    }

    @Test
    void namesTheAllowedValues() {
        assertThatThrownBy(() -> read("'adapter': {'type': 'prefix'}"))
                .hasMessageContaining("remix, lora, rslora, dora, mixlora, hydralora, softmix");
        assertThatThrownBy(() -> read("'adapter': {'targets': ['lm_head']}"))
                .hasMessageContaining("q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj");
        assertThatThrownBy(() -> read("'adapter': {'routers': 'layer'}")).hasMessageContaining("block, projection");
    }

    @Test
    void takesAutoAndNullForAbsent() {
        JobRequest request = read("""
                'method': {'type': 'supervised', 'supervised': {'hyperparameters':
                    {'n_epochs': 'auto', 'batch_size': 'auto', 'learning_rate_multiplier': 'auto'}}},
                'validation_file': null, 'seed': null, 'training': {'max_steps': null, 'micro_batch_tokens': 'auto', 'early_stopping': null}, 'metadata': null
                """);
        assertThat(request.hyperparameters()).isEqualTo(new JobRequest.Hyperparameters(null, null, null));
        assertThat(request.validationFile()).isNull();
        assertThat(request.training().maxSteps()).isNull();
        assertThat(request.training().microBatchTokens()).isNull();
        assertThat(request.training().earlyStopping()).isNull();
        assertThat(request.metadata()).isEmpty();
    }

    @Test
    void readsHyperparametersWhereTheyWereBeforeThereWereMethods() {
        JobRequest request =
                read("'hyperparameters': {'n_epochs': 4, 'batch_size': 8, 'learning_rate_multiplier': 0.5}");
        assertThat(request.hyperparameters()).isEqualTo(new JobRequest.Hyperparameters(4, 8, 0.5));
    }

    @Test
    void readsMetadata() {
        assertThat(read("'metadata': {'team': 'search'}").metadata()).isEqualTo(Map.of("team", "search"));
    }

    private static JobRequest read(String fields) {
        String body = "{'model': 'm', 'training_file': 'file-1', %s}".formatted(fields);
        return JobRequest.read(Wire.json().readTree(body.replace('\'', '"')));
    }
}
