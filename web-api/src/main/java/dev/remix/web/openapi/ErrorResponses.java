package dev.remix.web.openapi;

import dev.remix.web.problem.ProblemBody;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.http.HttpStatus;

/** Names the errors of every operation: those that follow from its shape here, any other by annotation where it arises. */
final class ErrorResponses implements OpenApiCustomizer {
    private static final Map<HttpStatus, String> DESCRIPTIONS = descriptions();

    private static Map<HttpStatus, String> descriptions() {
        Map<HttpStatus, String> descriptions = new LinkedHashMap<>();
        descriptions.put(HttpStatus.BAD_REQUEST, "The request says something it must not; `errors` names the places");
        descriptions.put(HttpStatus.UNAUTHORIZED, "No key was sent, or it is not valid");
        descriptions.put(HttpStatus.FORBIDDEN, "The key does not allow this, or nobody may do it");
        descriptions.put(HttpStatus.NOT_FOUND, "There is no such thing");
        descriptions.put(HttpStatus.NOT_ACCEPTABLE, "The answer does not exist in a type that the client accepts");
        descriptions.put(HttpStatus.CONFLICT, "The present state does not allow it");
        descriptions.put(HttpStatus.CONTENT_TOO_LARGE, "The body is larger than is allowed");
        descriptions.put(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body is of another type than the operation reads");
        descriptions.put(HttpStatus.UNPROCESSABLE_CONTENT, "The request is well formed and cannot be carried out");
        descriptions.put(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side");
        return descriptions;
    }

    @Override
    public void customise(OpenAPI document) {
        Components components = document.getComponents();
        ModelConverters.getInstance(true).readAll(ProblemBody.class).forEach(components::addSchemas);
        DESCRIPTIONS.forEach((status, description) -> components.addResponses(name(status), response(description)));
        document.getPaths().values().forEach(path -> path.readOperations().forEach(ErrorResponses::complete));
    }

    private static ApiResponse response(String description) {
        Schema<?> problem = new Schema<>().$ref("#/components/schemas/Problem");
        return new ApiResponse()
                .description(description)
                .content(new Content().addMediaType("application/problem+json", new MediaType().schema(problem)));
    }

    private static void complete(Operation operation) {
        add(operation, HttpStatus.UNAUTHORIZED);
        add(operation, HttpStatus.NOT_ACCEPTABLE);
        add(operation, HttpStatus.INTERNAL_SERVER_ERROR);
        if (operation.getParameters() != null) {
            add(operation, HttpStatus.BAD_REQUEST);
            if (operation.getParameters().stream().anyMatch(parameter -> "path".equals(parameter.getIn()))) {
                add(operation, HttpStatus.NOT_FOUND);
            }
        }
        if (operation.getRequestBody() != null) {
            add(operation, HttpStatus.BAD_REQUEST);
            add(operation, HttpStatus.CONTENT_TOO_LARGE);
            add(operation, HttpStatus.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    private static void add(Operation operation, HttpStatus status) {
        ApiResponses responses = operation.getResponses();
        responses.computeIfAbsent(
                Integer.toString(status.value()),
                code -> new ApiResponse().$ref("#/components/responses/" + name(status)));
    }

    /** {@code NotFound} for 404: what a controller's own {@code @ApiResponse(ref = …)} says. */
    private static String name(HttpStatus status) {
        return Arrays.stream(status.name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
