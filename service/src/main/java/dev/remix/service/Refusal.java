package dev.remix.service;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with "no, because". Everything in it is meant for the person who asked; a failure of our own
 * is any other exception, and its message never leaves the process.
 */
public final class Refusal extends RuntimeException {

    /** What kind of "no"; web-api alone knows the status codes. */
    public enum Kind {
        /** The request says something it must not. */
        INVALID,
        /** The request is well formed, and cannot be carried out as it stands. */
        UNPROCESSABLE,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        /** The present state does not allow it. */
        CONFLICT,
        TOO_LARGE
    }

    private final Kind kind;
    private final String code;
    private final String detail;
    private final @Nullable String param;
    private final List<Problem> problems;
    private final Map<String, Object> properties;

    private Refusal(
            Kind kind,
            String code,
            String detail,
            @Nullable String param,
            List<Problem> problems,
            Map<String, Object> properties) {
        super(code + ": " + detail);
        this.kind = kind;
        this.code = code;
        this.detail = detail;
        this.param = param;
        this.problems = List.copyOf(problems);
        this.properties = Map.copyOf(properties);
    }

    /** {@code code} is stable and for programs, {@code detail} one sentence for people. */
    public static Refusal of(Kind kind, String code, String detail) {
        return new Refusal(kind, code, detail, null, List.of(), Map.of());
    }

    public static Refusal invalid(String param, String code, String detail) {
        return of(Kind.INVALID, code, detail).param(param);
    }

    public static Refusal notFound(String what, String id) {
        return of(Kind.NOT_FOUND, "not_found", "There is no " + what + " '" + id + "'.");
    }

    public static Refusal conflict(String code, String detail) {
        return of(Kind.CONFLICT, code, detail);
    }

    /** Names the field of the request that is at fault, in dots: {@code adapter.rank}. */
    public Refusal param(String param) {
        return new Refusal(kind, code, detail, param, problems, properties);
    }

    /** Lists the single problems, as {@code errors} of the answer. */
    public Refusal problems(List<Problem> problems) {
        return new Refusal(kind, code, detail, param, problems, properties);
    }

    /** Adds members to the answer, for a client that can act on them. */
    public Refusal properties(Map<String, Object> properties) {
        return new Refusal(kind, code, detail, param, problems, properties);
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    public String detail() {
        return detail;
    }

    public @Nullable String param() {
        return param;
    }

    public List<Problem> problems() {
        return problems;
    }

    public Map<String, Object> properties() {
        return properties;
    }
}
