package dev.remix.engine.adapter;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Members of an adapter_config.json, each of the type that it has to be. One that is absent or null has its default. */
record ConfigMembers(JsonNode json) {
    static final String FILE = "adapter_config.json";

    int integer(String member, int otherwise) {
        JsonNode value = json.path(member);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw refused(member, value, "a whole number");
        }
        return value.intValue();
    }

    double number(String member, double otherwise) {
        JsonNode value = json.path(member);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw refused(member, value, "a number");
        }
        return value.doubleValue();
    }

    boolean flag(String member) {
        JsonNode value = json.path(member);
        if (isAbsent(value)) {
            return false;
        }
        if (!value.isBoolean()) {
            throw refused(member, value, "true or false");
        }
        return value.booleanValue();
    }

    String text(String member, String otherwise) {
        JsonNode value = json.path(member);
        return isAbsent(value) ? otherwise : value.isString() ? value.stringValue() : value.toString();
    }

    /** A member that names one of an enumeration's constants, in lower case. */
    <E extends Enum<E>> E choice(String member, Class<E> type, String otherwise) {
        return constant(member, type, text(member, otherwise));
    }

    /** Constants in any order; {@code "all-linear"} is all of them. */
    <E extends Enum<E>> Set<E> choices(String member, Class<E> type) {
        JsonNode values = json.path(member);
        if (values.isString() && values.stringValue().equals("all-linear")) {
            return EnumSet.allOf(type);
        }
        if (!values.isArray()) {
            throw refused(member, values, "a list out of " + names(type) + ", or \"all-linear\"");
        }
        Set<E> found = EnumSet.noneOf(type);
        for (JsonNode value : values) {
            found.add(constant(member, type, value.isString() ? value.stringValue() : value.toString()));
        }
        return found;
    }

    private static <E extends Enum<E>> E constant(String member, Class<E> type, String value) {
        return EnumSet.allOf(type).stream()
                .filter(constant -> lower(constant).equals(value))
                .findFirst()
                .orElseThrow(() -> refused(member, value, "one of " + names(type)));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static <E extends Enum<E>> String names(Class<E> type) {
        return EnumSet.allOf(type).stream().map(ConfigMembers::lower).collect(Collectors.joining(", "));
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** @param value shown cut short: it is somebody else's and may be of any length */
    static EngineException refused(String member, Object value, String wanted) {
        String shown = value instanceof JsonNode node && node.isMissingNode() ? "missing" : String.valueOf(value);
        return new EngineException(
                Kind.INVALID_SPEC,
                "%s: %s is %s; it has to be %s."
                        .formatted(FILE, member, shown.length() > 100 ? shown.substring(0, 100) + "…" : shown, wanted));
    }
}
