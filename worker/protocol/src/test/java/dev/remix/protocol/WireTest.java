package dev.remix.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireTest {
    private static final WorkerRecord RECORD = new WorkerRecord.Step(
            1,
            2,
            3,
            0.5,
            1.5,
            1e-2,
            0.7,
            null,
            10,
            0.1,
            null,
            List.of(new WorkerRecord.Site("layers.0.mlp", 2, 2, 3.5, 1.2, List.of(0.5, 0.5), 1, 1, 0.4)));

    @Test
    void everyNameIsInSnakeCaseWithOneWordBetweenTwoUnderscores() {
        var json = Wire.json().valueToTree(RECORD);

        assertThat(json.propertyNames()).contains("type", "seq", "total_steps", "learning_rate");
        assertThat(json.path("sites").path(0).propertyNames()).contains("applied_effective_loras", "top_k_mass");
    }

    @Test
    void whatIsNullIsLeftOut() {
        assertThat(Wire.json().valueToTree(RECORD).propertyNames()).doesNotContain("router_gradient_norm", "draws");
    }

    @Test
    void recordsAndOutcomesComeBackAsWhatTheyWere() {
        assertThat(read(RECORD, WorkerRecord.class)).isEqualTo(RECORD);
        var failed = new Outcome.Failed(FailureKind.DIVERGED, "The loss is not a number.", null);
        assertThat(read(failed, Outcome.class)).isEqualTo(failed);
        var stored = new Claim.CheckpointRef(20, "ab", 7);
        assertThat(read(stored, Claim.CheckpointRef.class)).isEqualTo(stored);
        assertThat(read(Duration.ofSeconds(30), Duration.class)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void newerPeerMaySayMore() {
        var beat = Wire.json()
                .readValue("{\"phase\": \"TRAINING\", \"step\": 3, \"mood\": \"good\"}", Heartbeat.Beat.class);

        assertThat(beat).isEqualTo(new Heartbeat.Beat(Heartbeat.Phase.TRAINING, 3));
    }

    private static <T> T read(T value, Class<T> type) {
        return Wire.json().readValue(Wire.json().writerFor(type).writeValueAsString(value), type);
    }
}
