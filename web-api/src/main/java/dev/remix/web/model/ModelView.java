package dev.remix.web.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.remix.service.model.BaseModel;
import dev.remix.service.model.FinetunedModel;
import dev.remix.service.model.ModelFile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model as the API shows it: OpenAI's model object, with what it was made from. */
@Schema(name = "Model")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelView(
        @Schema(example = "ft:remix-tiny:support:4e6d1b8gaq")
        String id,

        @Schema(example = "model") String object,
        @Schema(description = "Unix seconds") long created,
        @Schema(description = "`base` or `finetuned`") String type,
        String ownedBy,

        @Schema(description = "Tokens that a base model can see at once") @Nullable
        Integer contextLength,

        @Schema(description = "Of a finetuned model: its base model") @Nullable
        String base,

        @Schema(description = "SHA-256 that pins the base model's files") @Nullable
        String baseRevision,

        @Schema(description = "The job that made it") @Nullable
        String jobId,

        @Schema(description = "The adapter's files") @Nullable
        List<File> files) {

    static ModelView of(BaseModel model) {
        return new ModelView(
                model.id(),
                "model",
                model.createdAt().getEpochSecond(),
                "base",
                "remix",
                model.contextLength(),
                null,
                null,
                null,
                null);
    }

    static ModelView of(FinetunedModel model) {
        return new ModelView(
                model.id(),
                "model",
                model.createdAt().getEpochSecond(),
                "finetuned",
                "remix",
                null,
                model.base(),
                model.baseRevision(),
                model.jobId(),
                model.files().stream().map(File::of).toList());
    }

    /** One of the adapter's files. */
    @Schema(name = "ModelFile")
    record File(
            @Schema(example = "adapter_model.safetensors") String name, long bytes, String sha256) {
        static File of(ModelFile file) {
            return new File(file.name(), file.content().bytes(), file.content().sha256());
        }
    }
}
