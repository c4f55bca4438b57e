package dev.remix.web.job;

import dev.remix.service.job.JobEvent;
import java.util.Map;

/** An event in OpenAI's shape. */
record FineTuningJobEvent(
        String id, String object, long createdAt, String level, String message, String type, Map<String, Object> data) {

    static FineTuningJobEvent of(JobEvent event) {
        return new FineTuningJobEvent(
                event.id(),
                "fine_tuning.job.event",
                event.at().getEpochSecond(),
                event.level(),
                event.message(),
                event.type(),
                event.data());
    }
}
