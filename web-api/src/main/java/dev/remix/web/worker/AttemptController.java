package dev.remix.web.worker;

import dev.remix.protocol.Heartbeat;
import dev.remix.protocol.LogLine;
import dev.remix.protocol.Outcome;
import dev.remix.protocol.WorkerRecord;
import dev.remix.service.job.AttemptId;
import dev.remix.service.queue.Leases;
import dev.remix.service.queue.Settlement;
import dev.remix.service.telemetry.Records;
import dev.remix.service.telemetry.WorkerLogs;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a worker says while an attempt is its own. An attempt that has ended gets 409 {@code lease_lost}. */
@Tag(name = "Workers")
@RestController
@RequestMapping("/worker/v1/jobs/{job}/attempts/{number}")
class AttemptController {
    private final Leases leases;
    private final Records records;
    private final WorkerLogs logs;
    private final Settlement settlement;

    AttemptController(Leases leases, Records records, WorkerLogs logs, Settlement settlement) {
        this.leases = leases;
        this.records = records;
        this.logs = logs;
        this.settlement = settlement;
    }

    /** What was taken in of a stream of records. */
    record Accepted(long nextSeq) {}

    /** Renews the lease; the answer says what to do next. */
    @PostMapping("/heartbeat")
    Heartbeat.Answer beat(@PathVariable String job, @PathVariable int number, @RequestBody Heartbeat.Beat beat) {
        return leases.beat(new AttemptId(job, number), beat);
    }

    /** A gap in the sequence numbers gets 409 {@code sequence_gap} with {@code next_seq}. */
    @PostMapping(path = "/records", consumes = MediaType.APPLICATION_NDJSON_VALUE)
    Accepted record(@PathVariable String job, @PathVariable int number, InputStream ndjson) {
        return new Accepted(records.ingest(new AttemptId(job, number), Ndjson.read(ndjson, WorkerRecord.class)));
    }

    @PostMapping(path = "/logs", consumes = MediaType.APPLICATION_NDJSON_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void log(@PathVariable String job, @PathVariable int number, InputStream ndjson) {
        logs.append(new AttemptId(job, number), Ndjson.read(ndjson, LogLine.class));
    }

    /** The last word of an attempt; saying it twice is harmless. */
    @PostMapping("/outcome")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void settle(@PathVariable String job, @PathVariable int number, @RequestBody Outcome outcome) {
        settlement.settle(new AttemptId(job, number), outcome);
    }
}
