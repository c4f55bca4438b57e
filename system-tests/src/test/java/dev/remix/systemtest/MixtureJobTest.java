package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A learned mixture on attention, from the request to its adapter, and a second job that goes on from that. */
@Timeout(600)
@ExtendWith(SharedService.class)
class MixtureJobTest {
    private static final Duration PLENTY = Duration.ofMinutes(2);
    private static final Map<String, Object> ADAPTER = Map.of(
            "type",
            "mixlora",
            "loras",
            4,
            "active",
            2,
            "rank",
            2,
            "routing",
            "token",
            "routers",
            "projection",
            "targets",
            List.of("q_proj", "v_proj"),
            "dropout",
            0.05);

    private final Api api;

    MixtureJobTest(RunningService service) {
        this.api = service.api();
    }

    @Test
    void mixLoraRoutesTokensOfAttentionAndItsAdapterIsTrainedOn() {
        var file = api.upload(Installation.dataSet("train.jsonl"), "fine-tune");

        var first =
                api.awaitSuccess(api.createJob(job(file, Map.of("max_steps", 4, "micro_batch_tokens", 64))), PLENTY);

        assertThat(first.at("/adapter/balance").asDouble()).isEqualTo(0.01);
        assertThat(first.at("/training/micro_batch_tokens").asInt()).isEqualTo(64);
        assertThat(sites(first)).startsWith("layers.0.self_attn.q_proj", "layers.0.self_attn.v_proj");
        assertThat(routedSites(first)).isEqualTo(sites(first));
        var model = first.path("fine_tuned_model").asString();

        var second = api.awaitSuccess(
                api.createJob(job(file, Map.of("max_steps", 2, "recompute", true, "initial_model", model))), PLENTY);

        assertThat(second.at("/training/initial_model").asString()).isEqualTo(model);
        assertThat(second.at("/result/metrics/train_loss_first").asDouble())
                .isLessThan(first.at("/result/metrics/train_loss_first").asDouble());
    }

    private static Map<String, Object> job(String file, Map<String, Object> training) {
        var job = new HashMap<>(SmallJob.on(file));
        job.put("adapter", ADAPTER);
        job.put("training", training);
        return job;
    }

    private static List<String> sites(JsonNode job) {
        return names(job.at("/result/routing/sites"));
    }

    private List<String> routedSites(JsonNode job) {
        return names(api.get("/v1/fine_tuning/jobs/" + job.path("id").asString() + "/routing")
                .body()
                .path("sites"));
    }

    private static List<String> names(JsonNode sites) {
        return sites.valueStream().map(site -> site.path("site").asString()).toList();
    }
}
