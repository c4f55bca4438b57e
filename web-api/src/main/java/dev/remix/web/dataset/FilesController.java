package dev.remix.web.dataset;

import dev.remix.service.Page;
import dev.remix.service.Refusal;
import dev.remix.service.dataset.DataSet;
import dev.remix.service.dataset.DataSets;
import dev.remix.service.dataset.Purpose;
import dev.remix.web.Deleted;
import dev.remix.web.Listing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/files")
@Tag(name = "Files", description = "Data sets: chat examples in JSON lines, validated at upload, immutable afterwards")
class FilesController {
    private static final MediaType JSON_LINES = MediaType.parseMediaType("application/jsonl");

    private final DataSets dataSets;

    FilesController(DataSets dataSets) {
        this.dataSets = dataSets;
    }

    /** What {@link UploadForm} reads from the request itself; here for the document only. */
    @Schema(
            name = "FileUpload",
            requiredProperties = {"file", "purpose"})
    private record UploadSchema(
            @Schema(type = "string", format = "binary", description = "One example a line")
            String file,

            @Schema(description = "`fine-tune`, or `evals` for a held-out set that must not be trained on")
            String purpose) {}

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(
            operationId = "createFile",
            summary = "Upload a data set",
            description = "The file is validated while it streams in. One with problems is refused as a whole, with"
                    + " the line, JSON pointer and code of the first 100 in `errors` and all counted in `totals`.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                            schema = @Schema(implementation = UploadSchema.class)))
    FileView create(@Parameter(hidden = true) HttpServletRequest request) throws IOException {
        try (UploadForm form = UploadForm.read(request, dataSets)) {
            return FileView.of(form.keep());
        }
    }

    @GetMapping
    @Operation(operationId = "listFiles", summary = "List data sets")
    Listing<FileView> list(
            @Parameter(description = "Only of this purpose") @RequestParam @Nullable String purpose,
            @Parameter(description = "Begin after this file") @RequestParam @Nullable String after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(10_000) int limit,
            @Parameter(description = "`desc`, the newest first, or `asc`") @RequestParam(defaultValue = "desc")
                    String order) {
        Purpose wanted = purpose == null ? null : Purpose.of(purpose);
        Page<DataSet> page = switch (order) {
            case "desc" -> dataSets.newestFirst(wanted, after, limit);
            case "asc" -> dataSets.oldestFirst(wanted, after, limit);
            default ->
                throw Refusal.invalid("order", "invalid_value", "The order is asc or desc, not '" + order + "'.");
        };
        return Listing.of(page.map(FileView::of), FileView::id);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "retrieveFile", summary = "Show a data set")
    FileView get(@PathVariable String id) {
        return FileView.of(dataSets.get(id));
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "deleteFile", summary = "Delete a data set that no unfinished job needs")
    @ApiResponse(responseCode = "200", description = "It is gone, and its bytes with it")
    @ApiResponse(responseCode = "409", ref = "Conflict")
    Deleted delete(@PathVariable String id) {
        dataSets.delete(id);
        return Deleted.of(id, "file");
    }

    @GetMapping(path = "/{id}/content", produces = "application/jsonl")
    @Operation(operationId = "downloadFile", summary = "Download a data set as it was uploaded")
    ResponseEntity<Resource> content(@PathVariable String id) throws IOException {
        DataSet dataSet = dataSets.get(id);
        return ResponseEntity.ok()
                .contentType(JSON_LINES)
                .contentLength(dataSet.content().bytes())
                .header(HttpHeaders.CONTENT_DISPOSITION, attachment(dataSet.filename()))
                .body(new InputStreamResource(dataSets.open(dataSet)));
    }

    private static String attachment(String filename) {
        return ContentDisposition.attachment()
                .filename(filename, StandardCharsets.UTF_8)
                .build()
                .toString();
    }

    @GetMapping("/{id}/validation")
    @Operation(operationId = "retrieveFileValidation", summary = "Show what validation counted, and the first examples")
    ValidationView validation(@PathVariable String id) throws IOException {
        DataSet dataSet = dataSets.get(id);
        return new ValidationView(
                "file.validation",
                id,
                true,
                "chat_jsonl",
                FileView.Counts.of(dataSet.statistics()),
                dataSets.preview(dataSet));
    }
}
