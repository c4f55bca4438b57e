package dev.remix.web.model;

import dev.remix.service.Page;
import dev.remix.service.Refusal;
import dev.remix.service.model.FinetunedModel;
import dev.remix.service.model.Models;
import dev.remix.web.Deleted;
import dev.remix.web.Listing;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

@RestController
@RequestMapping("/v1/models")
@Tag(name = "Models", description = "Base models of the models directory, and what jobs made of them")
class ModelsController {
    private static final String ZIP = "application/zip";

    private final Models models;

    ModelsController(Models models) {
        this.models = models;
    }

    @GetMapping
    @Operation(operationId = "listModels", summary = "List all models, base models first, then the newest")
    Listing<ModelView> list() {
        List<ModelView> all = Stream.concat(
                        models.baseModels().stream().map(ModelView::of),
                        models.finetunedNewestFirst().stream().map(ModelView::of))
                .toList();
        return Listing.of(new Page<>(all, false), ModelView::id);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "retrieveModel", summary = "Show a model")
    ModelView get(@PathVariable String id) {
        return models.findBase(id)
                .map(ModelView::of)
                .or(() -> models.findFinetuned(id).map(ModelView::of))
                .orElseThrow(() -> Refusal.notFound("model", id));
    }

    @DeleteMapping("/{id}")
    @Operation(operationId = "deleteModel", summary = "Delete a finetuned model")
    @ApiResponse(responseCode = "200", description = "It is gone, and its adapter with it")
    @ApiResponse(responseCode = "403", ref = "Forbidden")
    @ApiResponse(responseCode = "409", ref = "Conflict")
    Deleted delete(@PathVariable String id) {
        if (models.findBase(id).isPresent()) {
            throw Refusal.of(
                    Refusal.Kind.FORBIDDEN,
                    "base_model",
                    "A base model is a directory of the host and is deleted there.");
        }
        models.deleteFinetuned(id);
        return Deleted.of(id, "model");
    }

    @GetMapping(path = "/{id}/adapter", produces = ZIP)
    @Operation(
            operationId = "downloadAdapter",
            summary = "Download a finetuned model's adapter",
            description =
                    "A zip of `adapter_model.safetensors`, `adapter_config.json`, `remix_adapter.py`, which runs the"
                            + " adapter on a model of transformers, and `SHA256SUMS`.")
    @ApiResponse(
            responseCode = "200",
            description = "The archive",
            content = @Content(mediaType = ZIP, schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<StreamingResponseBody> adapter(@PathVariable String id) {
        FinetunedModel model = models.findFinetuned(id).orElseThrow(() -> Refusal.notFound("finetuned model", id));
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(ZIP))
                .header(HttpHeaders.CONTENT_DISPOSITION, attachment(id))
                .body(new AdapterArchive(model, models));
    }

    private static String attachment(String id) {
        return ContentDisposition.attachment()
                .filename(id.replace(':', '-') + ".zip")
                .build()
                .toString();
    }
}
