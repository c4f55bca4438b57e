package dev.remix.web.problem;

import dev.remix.service.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says which field of a body is wrong, in the field's own terms. */
final class UnreadableJson {
    private UnreadableJson() {}

    static Problem describe(HttpMessageNotReadableException unreadable) {
        return switch (unreadable.getCause()) {
            case UnrecognizedPropertyException unknown -> unknown(unknown);
            case InvalidFormatException format ->
                Problem.at(
                        pointer(format),
                        "invalid_value",
                        "'" + format.getValue() + "' is no value of '" + name(format) + "'.");
            case MismatchedInputException mismatch ->
                Problem.at(
                        pointer(mismatch),
                        "invalid_value",
                        mismatch.getPath().isEmpty()
                                ? "The body is not the JSON object that is asked for."
                                : "'" + name(mismatch) + "' has the wrong type of value, or none.");
            case StreamConstraintsException excess ->
                Problem.at(
                        pointer(excess),
                        "limit_exceeded",
                        "The JSON is nested too deeply, or has a number, a name or a text of excessive length.");
            case StreamReadException broken ->
                Problem.at(
                        "",
                        "invalid_json",
                        "The body is not JSON: line " + broken.getLocation().getLineNr() + ", column "
                                + broken.getLocation().getColumnNr() + ": " + broken.getOriginalMessage());
            case JacksonException other
            when !other.getPath().isEmpty() ->
                Problem.at(pointer(other), "invalid_value", "'" + name(other) + "' has a value that is not allowed.");
            case null, default -> Problem.at("", "missing_body", "The request has no body that can be read.");
        };
    }

    private static Problem unknown(UnrecognizedPropertyException unknown) {
        return Problem.at(
                pointer(unknown), "unknown_field", "There is no field '" + unknown.getPropertyName() + "' here.");
    }

    private static String name(JacksonException exception) {
        return dots(exception.getPath());
    }

    private static String dots(List<JacksonException.Reference> path) {
        return path.stream().map(UnreadableJson::step).collect(Collectors.joining("."));
    }

    private static String pointer(JacksonException exception) {
        return exception.getPath().stream()
                .map(UnreadableJson::step)
                .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }

    private static String step(JacksonException.Reference reference) {
        @Nullable String name = reference.getPropertyName();
        return name == null ? Integer.toString(reference.getIndex()) : name;
    }
}
