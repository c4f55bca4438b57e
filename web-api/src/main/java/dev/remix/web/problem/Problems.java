package dev.remix.web.problem;

import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/** Makes problem bodies: the only place where kinds of refusal become status codes. */
public final class Problems {
    private static final String NO_INTERNALS = "Something went wrong on our side. The request id finds it in the log.";

    private Problems() {}

    public static HttpStatus status(Refusal.Kind kind) {
        return switch (kind) {
            case INVALID -> HttpStatus.BAD_REQUEST;
            case UNPROCESSABLE -> HttpStatus.UNPROCESSABLE_CONTENT;
            case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case NOT_FOUND -> HttpStatus.NOT_FOUND;
            case CONFLICT -> HttpStatus.CONFLICT;
            case TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
        };
    }

    public static ProblemBody of(Refusal refusal, HttpServletRequest request) {
        return of(
                status(refusal.kind()),
                refusal.code(),
                refusal.detail(),
                refusal.param(),
                items(refusal),
                refusal.properties(),
                request);
    }

    /** A refused field is itself a problem with a place. */
    private static List<Problem> items(Refusal refusal) {
        String param = refusal.param();
        if (!refusal.problems().isEmpty() || param == null) {
            return refusal.problems();
        }
        return List.of(Problem.at("/" + param.replace('.', '/'), refusal.code(), refusal.detail()));
    }

    /** An error that only has a status; of our own failures nothing is told. */
    public static ProblemBody of(HttpStatusCode status, @Nullable String detail, HttpServletRequest request) {
        HttpStatus known = known(status);
        String text = status.is5xxServerError() || detail == null ? plainDetail(known) : detail;
        return of(known, code(known), text, null, List.of(), Map.of(), request);
    }

    static ProblemBody of(
            HttpStatusCode status,
            String code,
            String detail,
            @Nullable String param,
            List<Problem> problems,
            Map<String, Object> properties,
            HttpServletRequest request) {
        HttpStatus known = known(status);
        return new ProblemBody(
                "about:blank",
                known.getReasonPhrase(),
                status.value(),
                detail,
                path(request),
                new ProblemBody.OpenAiError(detail, openAiType(known), param, code),
                problems.stream().map(ProblemBody.Item::of).toList(),
                RequestId.of(request),
                properties);
    }

    private static HttpStatus known(HttpStatusCode status) {
        HttpStatus known = HttpStatus.resolve(status.value());
        return known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
    }

    /** The path as it was asked for, also while the container dispatches to an error page. */
    private static String path(HttpServletRequest request) {
        Object original = request.getAttribute("jakarta.servlet.error.request_uri");
        String path = original == null ? request.getRequestURI() : original.toString();
        return path == null ? "" : path;
    }

    private static String plainDetail(HttpStatus status) {
        return status.is5xxServerError() ? NO_INTERNALS : status.getReasonPhrase() + ".";
    }

    private static String code(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST -> "bad_request";
            case UNAUTHORIZED -> "invalid_api_key";
            case NOT_FOUND -> "not_found";
            case METHOD_NOT_ALLOWED -> "method_not_allowed";
            case NOT_ACCEPTABLE -> "not_acceptable";
            case UNSUPPORTED_MEDIA_TYPE -> "unsupported_media_type";
            case CONTENT_TOO_LARGE -> "too_large";
            default ->
                status.is5xxServerError() ? "internal_error" : status.name().toLowerCase(Locale.ROOT);
        };
    }

    private static String openAiType(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case TOO_MANY_REQUESTS -> "rate_limit_error";
            default -> status.is5xxServerError() ? "server_error" : "invalid_request_error";
        };
    }
}
