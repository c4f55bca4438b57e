package dev.remix.web.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.remix.service.Problem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RFC 9457 problem details, with the {@code error} member that OpenAI's clients read. */
@Schema(name = "Problem", description = "Why a request was not carried out")
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ProblemBody(
        @Schema(example = "about:blank") String type,
        @Schema(example = "Bad Request") String title,
        @Schema(example = "400") int status,
        @Schema(description = "One sentence for people") String detail,

        @Schema(description = "The path that was asked for", example = "/v1/files")
        String instance,

        OpenAiError error,

        @Schema(description = "The single problems, where there is more to say than the detail")
        List<Item> errors,

        @Schema(description = "Also in the header X-Request-Id and in the service's log")
        String requestId,

        @JsonAnyGetter @Schema(hidden = true) Map<String, Object> properties) {

    public ProblemBody {
        errors = List.copyOf(errors);
        properties = Map.copyOf(properties);
    }

    /** What OpenAI's clients read. */
    @Schema(name = "ProblemError")
    public record OpenAiError(
            String message,
            @Schema(example = "invalid_request_error") String type,

            @Schema(description = "The field at fault", example = "adapter.rank") @Nullable
            String param,

            @Schema(description = "Stable, for programs", example = "unknown_field")
            String code) {}

    /** One problem among several. */
    @Schema(name = "ProblemItem")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            @Schema(description = "Line of the file, from 1") @Nullable
            Long line,

            @Schema(description = "JSON pointer into the request or the line", example = "/messages/0/role")
            String pointer,

            @Schema(example = "unknown_role") String code,
            String detail) {
        static Item of(Problem problem) {
            return new Item(problem.line(), problem.pointer(), problem.code(), problem.detail());
        }
    }
}
