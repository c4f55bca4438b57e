package dev.remix.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DemoResultTest {
    private static final AdapterFiles ADAPTER = new AdapterFiles(Path.of("adapter_model.safetensors"), "aa11");

    @Test
    void aRunThatKeepsEveryPromiseHolds() {
        assertThat(DemoResult.of(job(), ADAPTER).held()).isTrue();
    }

    @Test
    void aGainBelowThirtyPointsDoesNotHold() {
        assertThat(unheld("metrics", "exact_match_finetuned", 0.45))
                .containsExactly("exact match rises by at least 30 points");
    }

    @Test
    void aLossThatDoesNotHalveDoesNotHold() {
        assertThat(unheld("metrics", "train_loss_last", 0.51)).containsExactly("training loss at least halves");
    }

    @Test
    void anySiteOffKDoesNotHold() {
        assertThat(unheld("routing", "effective_loras_applied_max", 2.1))
                .containsExactly("applied effective LoRAs are exactly K at every site and step");
    }

    @Test
    void anotherAdapterThanTheTrainedOneDoesNotHold() {
        DemoResult result = DemoResult.of(job(), new AdapterFiles(Path.of("adapter_model.safetensors"), "bb22"));

        assertThat(result.held()).isFalse();
    }

    @Test
    void aMissingFigureIsAnErrorAndNotAZero() {
        ObjectNode job = job();
        ((ObjectNode) job.path("result").path("metrics")).remove("exact_match_base");

        assertThatThrownBy(() -> DemoResult.of(job, ADAPTER)).hasMessageContaining("exact_match_base");
    }

    @Test
    void theJsonCarriesTheFiguresByTheirDocumentedNames() {
        JsonNode json = DemoResult.of(job(), ADAPTER).toJson();

        assertThat(json.propertyNames())
                .contains(
                        "job_id",
                        "status",
                        "steps",
                        "train_loss_first",
                        "train_loss_last",
                        "exact_match_base",
                        "exact_match_finetuned",
                        "effective_loras_applied_min",
                        "effective_loras_applied_max",
                        "distinct_subsets_mean",
                        "adapter_path",
                        "adapter_sha256",
                        "training_seconds",
                        "tokens_per_second");
    }

    private static List<String> unheld(String part, String field, double value) {
        ObjectNode job = job();
        ((ObjectNode) job.path("result").path(part)).put(field, value);
        return DemoResult.of(job, ADAPTER).checks().stream()
                .filter(check -> !check.held())
                .map(DemoResult.Check::promise)
                .toList();
    }

    private static ObjectNode job() {
        return (ObjectNode) JsonMapper.shared().readTree("""
                {"id": "ftjob-1", "status": "succeeded", "adapter": {"type": "remix", "active": 2},
                 "result": {
                   "adapter": [{"name": "adapter_config.json", "sha256": "cc33", "bytes": 9},
                               {"name": "adapter_model.safetensors", "sha256": "aa11", "bytes": 99}],
                   "metrics": {"steps": 300, "train_loss_first": 1.0, "train_loss_last": 0.2, "exact_match_base": 0.2,
                               "exact_match_finetuned": 0.8, "test_examples": 400, "training_seconds": 60.0,
                               "tokens_per_second": 9000.0},
                   "routing": {"effective_loras_applied_min": 2.0, "effective_loras_applied_max": 2.0,
                               "distinct_subsets_mean": 9.5}}}
                """);
    }
}
