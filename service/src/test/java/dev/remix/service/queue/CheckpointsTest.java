package dev.remix.service.queue;

import static dev.remix.fixture.SampleJobs.id;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.protocol.Outcome;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.Digests;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@ServiceTest
@Import(SampleJobs.class)
class CheckpointsTest {
    @Autowired
    private SampleJobs sample;

    @Autowired
    private Checkpoints checkpoints;

    @Autowired
    private Settlement settlement;

    @Autowired
    private ObjectStore objects;

    @Test
    void keepsTheLastTwoAndDeletesTheBytesOfOthers() throws IOException {
        Claim.Grant grant = sample.running();
        store(grant, 10, "ten");
        StoredObject first = checkpoints.last(grant.jobId()).orElseThrow().content();
        store(grant, 20, "twenty");
        store(grant, 30, "thirty");

        assertThat(checkpoints.of(grant.jobId())).extracting(Checkpoint::step).containsExactly(30, 20);
        assertThatThrownBy(() -> objects.path(first)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void replaceTheOneOfTheSameStep() throws IOException {
        Claim.Grant grant = sample.running();
        store(grant, 10, "first try");
        store(grant, 10, "second try");
        assertThat(checkpoints.of(grant.jobId()))
                .extracting(checkpoint -> checkpoint.content().sha256())
                .containsExactly(Digests.sha256("second try"));
    }

    @Test
    void areWhatTheNextAttemptGoesOnFrom() throws IOException {
        Claim.Grant grant = sample.running();
        store(grant, 10, "state at ten");
        settlement.settle(id(grant), new Outcome.Stopped(10));

        Claim.Grant next = sample.claimed("next");
        assertThat(next.checkpoint())
                .isEqualTo(new Claim.CheckpointRef(10, Digests.sha256("state at ten"), "state at ten".length()));
        assertThat(checkpoints.get(id(next), 10).content().sha256()).isEqualTo(Digests.sha256("state at ten"));
    }

    @Test
    void areRefusedWhenTheirBytesAreNotTheAnnouncedOnes() {
        Claim.Grant grant = sample.running();
        assertThatThrownBy(() -> checkpoints.store(id(grant), 10, content("broken"), Digests.sha256("whole")))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo("sha256_mismatch"));
        assertThat(checkpoints.of(grant.jobId())).isEmpty();
    }

    private void store(Claim.Grant grant, int step, String content) throws IOException {
        checkpoints.store(id(grant), step, content(content), Digests.sha256(content));
    }

    private static ByteArrayInputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
