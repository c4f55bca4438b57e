package dev.remix.service.telemetry;

import dev.remix.protocol.WorkerRecord;
import dev.remix.service.job.AttemptId;
import java.util.List;

/** Published in the transaction that stored records, with those that were new. */
record RecordsIngested(AttemptId attempt, List<WorkerRecord> records) {
    RecordsIngested {
        records = List.copyOf(records);
    }
}
