package dev.remix.service.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.SampleJobs;
import dev.remix.fixture.ServiceTest;
import dev.remix.protocol.Claim;
import dev.remix.service.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
@Import(SampleJobs.class)
class ClaimTest {
    private static final long GIB = 1L << 30;

    @Autowired
    private SampleJobs sample;

    @Autowired
    private Claims claims;

    @Autowired
    private JdbcClient jdbc;

    @BeforeEach
    void nothingIsQueued() {
        sample.emptyQueue();
    }

    @Test
    void givesEachJobToOneWorkerHoweverManyAskAtOnce() throws Exception {
        List<String> queued = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            queued.add(sample.queued().id());
        }
        assertThat(claimAtOnce(6)).containsExactlyInAnyOrderElementsOf(queued);
    }

    /** Each of several workers claims until there is nothing left. */
    private List<String> claimAtOnce(int workers) throws Exception {
        CyclicBarrier start = new CyclicBarrier(workers);
        List<Future<List<String>>> claimed = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
            for (int i = 0; i < workers; i++) {
                String worker = "racer-" + i;
                claimed.add(threads.submit(() -> {
                    start.await();
                    return claimAll(worker);
                }));
            }
        }
        List<String> all = new ArrayList<>();
        for (Future<List<String>> one : claimed) {
            all.addAll(one.get());
        }
        return all;
    }

    private List<String> claimAll(String worker) {
        List<String> jobs = new ArrayList<>();
        Optional<Claim.Grant> grant = claim(worker);
        while (grant.isPresent()) {
            jobs.add(grant.get().jobId());
            grant = claim(worker);
        }
        return jobs;
    }

    @Test
    void takesHighPriorityFirstAndThenAge() {
        Job old = sample.queued();
        Job young = sample.queued();
        Job urgent = sample.queued("\"priority\": 1");
        assertThat(claimAll("worker")).containsExactly(urgent.id(), old.id(), young.id());
    }

    @Test
    void takesTheProjectWithFewerRunningJobsBeforeAge() {
        sample.queued();
        sample.claimed("busy");
        Job ofTheBusyProject = sample.queued();
        Job ofAnother = sample.queued();
        jdbc.sql("UPDATE jobs SET project_id = 'proj-other' WHERE id = ?")
                .param(ofAnother.id())
                .update();
        assertThat(claimAll("worker")).containsExactly(ofAnother.id(), ofTheBusyProject.id());
    }

    @Test
    void leavesAJobThatNeedsMoreMemory() {
        Job big = sample.queued();
        jdbc.sql("UPDATE jobs SET memory_bytes = ? WHERE id = ?")
                .params(8 * GIB, big.id())
                .update();
        assertThat(claims.claim(new Claim.Request("small", "cpu", 8 * GIB - 1))).isEmpty();
        assertThat(claims.claim(new Claim.Request("large", "cpu", 8 * GIB))).isPresent();
    }

    @Test
    void leavesAJobThatWaitsForItsRetry() {
        Job waiting = sample.queued();
        jdbc.sql("UPDATE jobs SET not_before = now() + interval '1 hour' WHERE id = ?")
                .param(waiting.id())
                .update();
        assertThat(claim("worker")).isEmpty();
        sample.endBackoff(waiting.id());
        assertThat(claim("worker")).isPresent();
    }

    @Test
    void hasNothingToGiveFromAnEmptyQueue() {
        assertThat(claim("worker")).isEmpty();
    }

    private Optional<Claim.Grant> claim(String worker) {
        return claims.claim(new Claim.Request(worker, "cpu", 8 * GIB));
    }
}
