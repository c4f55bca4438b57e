package dev.remix.service.telemetry;

import dev.remix.protocol.WorkerRecord;
import dev.remix.service.job.JobEvents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What of the records is told as events: notes, evaluations, and now and then a step. */
@Component
class RecordEvents {
    /** Steps told of one run; all of them are in the metrics. */
    private static final long TOLD_STEPS = 20;

    private final JobEvents events;

    RecordEvents(JobEvents events) {
        this.events = events;
    }

    /** Steps up to {@code reached} were told by an earlier attempt. */
    void tell(String jobId, List<WorkerRecord> records, int reached) {
        for (WorkerRecord record : records) {
            switch (record) {
                case WorkerRecord.Step step -> tell(jobId, step, reached);
                case WorkerRecord.Evaluation evaluation -> tell(jobId, evaluation);
                case WorkerRecord.Note note -> tell(jobId, note);
            }
        }
    }

    private void tell(String jobId, WorkerRecord.Step step, int reached) {
        if (step.step() > reached && isTold(step)) {
            String message =
                    "Step %d/%d: training loss=%s".formatted(step.step(), step.totalSteps(), rounded(step.loss()));
            Map<String, Object> data = Map.of(
                    "step", step.step(),
                    "total_steps", step.totalSteps(),
                    "train_loss", step.loss(),
                    "learning_rate", step.learningRate());
            events.append(jobId, "info", "metrics", message, data);
        }
    }

    /** The first, the last, and whenever another twentieth of the run is done. */
    private static boolean isTold(WorkerRecord.Step step) {
        long told = step.step() * TOLD_STEPS / step.totalSteps();
        long toldBefore = (step.step() - 1) * TOLD_STEPS / step.totalSteps();
        return step.step() == 1 || told > toldBefore;
    }

    private void tell(String jobId, WorkerRecord.Evaluation evaluation) {
        StringBuilder message = new StringBuilder(
                "Step %d: %s loss=%s".formatted(evaluation.step(), evaluation.split(), rounded(evaluation.loss())));
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("step", evaluation.step());
        data.put(evaluation.split() + "_loss", evaluation.loss());
        Double exactMatch = evaluation.exactMatch();
        if (exactMatch != null) {
            message.append(", exact match=").append(rounded(exactMatch));
            data.put(evaluation.split() + "_exact_match", exactMatch);
        }
        events.append(jobId, "info", "metrics", message.toString(), data);
    }

    private void tell(String jobId, WorkerRecord.Note note) {
        String level = note.level().equals("warn") ? "warn" : "info";
        events.append(jobId, level, "message", note.message(), Map.of("step", note.step()));
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
