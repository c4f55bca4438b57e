package dev.remix.web.dataset;

import dev.remix.service.dataset.DataSet;
import dev.remix.service.dataset.Statistics;
import io.swagger.v3.oas.annotations.media.Schema;

/** A data set as the API shows it: OpenAI's file object, with digest and counts. */
@Schema(name = "File")
record FileView(
        @Schema(example = "file-01k8z3v5c2q0f7m9x4e6d1b8ga") String id,
        @Schema(example = "file") String object,
        long bytes,
        @Schema(description = "Unix seconds") long createdAt,
        @Schema(example = "train.jsonl") String filename,
        @Schema(description = "`fine-tune` or `evals`") String purpose,

        @Schema(description = "`processed`: a file that exists was validated")
        String status,

        String sha256,
        Counts statistics) {

    static FileView of(DataSet dataSet) {
        return new FileView(
                dataSet.id(),
                "file",
                dataSet.content().bytes(),
                dataSet.createdAt().getEpochSecond(),
                dataSet.filename(),
                dataSet.purpose().text(),
                "processed",
                dataSet.content().sha256(),
                Counts.of(dataSet.statistics()));
    }

    /** Counts over the file; characters are those of the messages' contents. */
    @Schema(name = "FileStatistics")
    record Counts(long lines, long examples, long messages, Roles roles, long maxCharacters, double meanCharacters) {
        static Counts of(Statistics statistics) {
            return new Counts(
                    statistics.lines(),
                    statistics.examples(),
                    statistics.messages(),
                    new Roles(statistics.systemMessages(), statistics.userMessages(), statistics.assistantMessages()),
                    statistics.maxCharacters(),
                    statistics.meanCharacters());
        }
    }

    /** Messages by role. */
    @Schema(name = "FileRoles")
    record Roles(long system, long user, long assistant) {}
}
