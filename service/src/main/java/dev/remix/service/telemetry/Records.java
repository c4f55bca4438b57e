package dev.remix.service.telemetry;

import dev.remix.protocol.WorkerRecord;
import dev.remix.service.Refusal;
import dev.remix.service.job.Attempt;
import dev.remix.service.job.AttemptId;
import dev.remix.service.job.Attempts;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes in what an attempt records. Its sequence numbers make a repeat harmless and a gap visible; the attempt's row is held
 * meanwhile, so that no other attempt of the job writes.
 */
@Service
public class Records {
    private final Attempts attempts;
    private final RecordRows rows;
    private final RecordEvents events;
    private final ApplicationEventPublisher publisher;

    Records(Attempts attempts, RecordRows rows, RecordEvents events, ApplicationEventPublisher publisher) {
        this.attempts = attempts;
        this.rows = rows;
        this.events = events;
        this.publisher = publisher;
    }

    /**
     * Stores those records of a batch that are new.
     *
     * @return the sequence number expected next
     * @throws Refusal {@code lease_lost}, or {@code sequence_gap} with {@code next_seq}
     */
    @Transactional
    public long ingest(AttemptId id, List<WorkerRecord> batch) {
        Attempt attempt = attempts.hold(id);
        List<WorkerRecord> fresh = batch.stream()
                .filter(record -> record.seq() > attempt.lastSeq())
                .toList();
        requireNoGap(attempt.lastSeq() + 1, fresh);
        if (!fresh.isEmpty()) {
            store(id, fresh);
        }
        return attempt.lastSeq() + fresh.size() + 1;
    }

    private void store(AttemptId id, List<WorkerRecord> fresh) {
        int reached = rows.lastStep(id.jobId());
        rows.insert(id, fresh);
        rows.advance(id, fresh);
        events.tell(id.jobId(), fresh, reached);
        publisher.publishEvent(new RecordsIngested(id, fresh));
    }

    private static void requireNoGap(long next, List<WorkerRecord> fresh) {
        for (int i = 0; i < fresh.size(); i++) {
            if (fresh.get(i).seq() != next + i) {
                throw Refusal.conflict("sequence_gap", "Record %d is missing.".formatted(next + i))
                        .properties(Map.of("next_seq", next));
            }
        }
    }
}
