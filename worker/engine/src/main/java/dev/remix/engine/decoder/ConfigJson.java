package dev.remix.engine.decoder;

import static dev.remix.engine.decoder.DecoderConfig.require;

import dev.remix.engine.files.ForeignDirectory;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Members of a config.json by name. A member that is null counts as left out; one of another type than is asked for is
 * refused, as a number read from a string would hide that the file is not what it seems.
 */
record ConfigJson(JsonNode object) {

    static ConfigJson read(Path modelDirectory) {
        return new ConfigJson(new ForeignDirectory(modelDirectory).json("config.json"));
    }

    /** Whether the file names the member at all, be it with null. */
    boolean names(String member) {
        return object.has(member);
    }

    boolean has(String member) {
        return object.hasNonNull(member);
    }

    int whole(String member) {
        require(has(member), member + " is missing or not positive");
        return whole(member, 0);
    }

    int whole(String member, int otherwise) {
        if (!has(member)) {
            return otherwise;
        }
        JsonNode value = object.get(member);
        require(value.isIntegralNumber() && value.canConvertToInt(), member + " is not a whole number");
        return value.intValue();
    }

    double number(String member) {
        require(has(member), member + " is missing");
        return number(member, 0);
    }

    double number(String member, double otherwise) {
        if (!has(member)) {
            return otherwise;
        }
        JsonNode value = object.get(member);
        require(value.isNumber() && Double.isFinite(value.doubleValue()), member + " is not a finite number");
        return value.doubleValue();
    }

    boolean flag(String member, boolean otherwise) {
        if (!has(member)) {
            return otherwise;
        }
        require(object.get(member).isBoolean(), member + " is neither true nor false");
        return object.get(member).booleanValue();
    }

    String text(String member, String otherwise) {
        if (!has(member)) {
            return otherwise;
        }
        require(object.get(member).isString(), member + " is not a text");
        return object.get(member).stringValue();
    }

    JsonNode array(String member) {
        require(object.get(member).isArray(), member + " is not a list");
        return object.get(member);
    }

    Optional<ConfigJson> inner(String member) {
        if (!has(member)) {
            return Optional.empty();
        }
        require(object.get(member).isObject(), member + " is not an object");
        return Optional.of(new ConfigJson(object.get(member)));
    }
}
