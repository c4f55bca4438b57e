package dev.remix.service.job;

import dev.remix.service.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Reads one JSON object field by field and collects what is wrong, each problem under its pointer, so that a request is
 * answered with all of its faults at once. A {@code null} counts as absent; a field that nobody asked for is a fault.
 */
final class Fields {
    private final JsonNode object;
    private final String pointer;
    private final List<Problem> problems;
    private final Set<String> asked = new LinkedHashSet<>();

    Fields(JsonNode object, String pointer, List<Problem> problems) {
        this.object = object;
        this.pointer = pointer;
        this.problems = problems;
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** A member object; an empty one where it is absent. */
    Fields object(String name) {
        JsonNode value = take(name);
        if (value != null && !value.isObject()) {
            wrongType(name, "an object");
        }
        JsonNode members = value != null && value.isObject() ? value : JsonNodeFactory.instance.objectNode();
        return new Fields(members, at(name), problems);
    }

    @Nullable
    String text(String name) {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isString() || value.asString().isBlank()) {
            wrongType(name, "a text that is not empty");
            return null;
        }
        return value.asString();
    }

    /** The text, or an empty one and a problem. */
    String requiredText(String name) {
        if (!has(name)) {
            asked.add(name);
            problem(name, "required", "'%s' is required.".formatted(name));
            return "";
        }
        String text = text(name);
        return text == null ? "" : text;
    }

    @Nullable
    String oneOf(String name, List<String> allowed) {
        String text = text(name);
        if (text != null && !allowed.contains(text)) {
            problem(name, "unknown_value", "'%s' is none of %s.".formatted(text, String.join(", ", allowed)));
            return null;
        }
        return text;
    }

    @Nullable
    List<String> severalOf(String name, List<String> allowed) {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isArray() || value.isEmpty()) {
            wrongType(name, "a list that is not empty");
            return null;
        }
        List<String> chosen = new ArrayList<>();
        for (JsonNode item : value) {
            if (!item.isString() || !allowed.contains(item.asString())) {
                problem(
                        name + "/" + chosen.size(),
                        "unknown_value",
                        "%s is none of %s.".formatted(item, String.join(", ", allowed)));
                return null;
            }
            chosen.add(item.asString());
        }
        return chosen.stream().distinct().toList();
    }

    @Nullable
    Boolean flag(String name) {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            wrongType(name, "true or false");
            return null;
        }
        return value.booleanValue();
    }

    @Nullable
    Long integer(String name, long min, long max) {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            wrongType(name, "a whole number");
            return null;
        }
        if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            problem(name, "out_of_range", "'%s' must lie between %d and %d.".formatted(name, min, max));
            return null;
        }
        return value.longValue();
    }

    /** As {@link #integer}, {@code "auto"} being the same as absent. */
    @Nullable
    Long integerOrAuto(String name, long min, long max) {
        return isAuto(name) ? null : integer(name, min, max);
    }

    @Nullable
    Double number(String name, DoublePredicate allowed, String range) {
        JsonNode value = take(name);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            wrongType(name, "a number");
            return null;
        }
        double number = value.doubleValue();
        if (!Double.isFinite(number) || !allowed.test(number)) {
            problem(name, "out_of_range", "'%s' must be %s.".formatted(name, range));
            return null;
        }
        return number;
    }

    @Nullable
    Double numberOrAuto(String name, DoublePredicate allowed, String range) {
        return isAuto(name) ? null : number(name, allowed, range);
    }

    /** Names and texts, as many and as long as OpenAI allows. */
    Map<String, String> labels(String name) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> label : objectNode(name).properties()) {
            if (!label.getValue().isString() || label.getValue().asString().length() > 512) {
                problem(
                        name + "/" + escaped(label.getKey()),
                        "invalid_type",
                        "Must be a text of at most 512 characters.");
            } else if (label.getKey().length() > 64) {
                problem(name, "out_of_range", "A name may have at most 64 characters.");
            } else {
                labels.put(label.getKey(), label.getValue().asString());
            }
        }
        if (labels.size() > 16) {
            problem(name, "out_of_range", "At most 16 pairs are allowed.");
        }
        return labels;
    }

    private JsonNode objectNode(String name) {
        return object(name).object;
    }

    /** Names every field that was not asked for. Call it last. */
    void refuseOthers() {
        for (String name : object.propertyNames()) {
            if (!asked.contains(name)) {
                problem(
                        escaped(name),
                        "unknown_field",
                        "There is no field '%s' here. Known are %s.".formatted(name, String.join(", ", asked)));
            }
        }
    }

    void problem(String name, String code, String detail) {
        problems.add(Problem.at(at(name), code, detail));
    }

    private boolean isAuto(String name) {
        asked.add(name);
        JsonNode value = object.get(name);
        return value != null && value.isString() && value.asString().equals("auto");
    }

    private @Nullable JsonNode take(String name) {
        asked.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private void wrongType(String name, String expected) {
        problem(name, "invalid_type", "'%s' must be %s.".formatted(name, expected));
    }

    private String at(String name) {
        return pointer + "/" + name;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
