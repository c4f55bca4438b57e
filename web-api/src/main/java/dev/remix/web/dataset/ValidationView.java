package dev.remix.web.dataset;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What validation found in a file that was taken; a file with problems is refused at upload, with the same codes. */
@Schema(name = "FileValidation")
record ValidationView(
        @Schema(example = "file.validation") String object,
        String fileId,
        boolean valid,
        @Schema(example = "chat_jsonl") String format,
        FileView.Counts statistics,

        @Schema(description = "The first examples, as they were sent", implementation = Object[].class)
        List<JsonNode> preview) {
    ValidationView {
        preview = List.copyOf(preview);
    }
}
