package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a header's JSON token by token: a header may be 100 MB, and a tree of it many times that. Whatever it meets, it never
 * holds more than the header's own members.
 */
final class HeaderParser implements AutoCloseable {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNameLength(10_000)
                    .maxNumberLength(30)
                    .build())
            .build();

    private static final String METADATA = "__metadata__";
    private static final int MAX_NAME = 500;
    private static final int MAX_DIMENSIONS = 16;

    private final String file;
    private final JsonParser json;

    HeaderParser(String file, byte[] header) {
        this.file = file;
        this.json = JSON.createParser(ObjectReadContext.empty(), header);
    }

    SafetensorsHeader header() {
        Map<String, SafetensorsHeader.Tensor> tensors = new LinkedHashMap<>();
        @Nullable Map<String, String> metadata = null;
        require(json.nextToken() == JsonToken.START_OBJECT, "its header is not a JSON object");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = plain(json.currentName());
            if (name.equals(METADATA)) {
                require(metadata == null, "its header has two members " + METADATA);
                metadata = metadata();
            } else {
                require(tensors.put(name, tensor(name)) == null, "its header names tensor " + name + " twice");
            }
        }
        require(json.nextToken() == null, "more follows after the end of its header's JSON object");
        return new SafetensorsHeader(tensors, metadata == null ? Map.of() : metadata);
    }

    /** Names end up in messages and in other files: nothing that would break a line, and no novels. */
    private String plain(String name) {
        require(
                name.length() <= MAX_NAME && name.chars().noneMatch(Character::isISOControl),
                "its header has a name with control characters or of over " + MAX_NAME + " characters");
        return name;
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        require(json.nextToken() == JsonToken.START_OBJECT, METADATA + " is not an object of texts");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = plain(json.currentName());
            require(json.nextToken() == JsonToken.VALUE_STRING, METADATA + " is not an object of texts");
            require(metadata.put(name, json.getString()) == null, METADATA + " names " + name + " twice");
        }
        return metadata;
    }

    private SafetensorsHeader.Tensor tensor(String name) {
        require(json.nextToken() == JsonToken.START_OBJECT, "tensor " + name + " is described by no object");
        @Nullable NumberFormat format = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            switch (json.currentName()) {
                case "dtype" -> format = once(name, "dtype", format, format(name));
                case "shape" -> shape = once(name, "shape", shape, sizes(name, "shape", MAX_DIMENSIONS));
                case "data_offsets" -> offsets = once(name, "data_offsets", offsets, sizes(name, "data_offsets", 2));
                default -> skip();
            }
        }
        if (format == null || shape == null || offsets == null || offsets.size() != 2) {
            throw damaged("tensor " + name + " lacks its dtype, its shape or its pair of data_offsets");
        }
        return new SafetensorsHeader.Tensor(format, shape, offsets.get(0), offsets.get(1));
    }

    private <T> T once(String tensor, String member, @Nullable T before, T now) {
        require(before == null, "tensor " + tensor + " has two members " + member);
        return now;
    }

    private NumberFormat format(String tensor) {
        require(json.nextToken() == JsonToken.VALUE_STRING, "tensor " + tensor + " has a dtype that is no text");
        String dtype = json.getString();
        return NumberFormat.named(dtype)
                .orElseThrow(() -> new EngineException(Kind.INVALID_SPEC, unreadable(tensor, dtype)));
    }

    private String unreadable(String tensor, String dtype) {
        String name = dtype.matches("[A-Za-z0-9_]{1,20}") ? dtype : "numbers of an unknown kind";
        return "%s holds tensor %s as %s; only F32, F16 and BF16 can be read: save the model again in one of them."
                .formatted(file, tensor, name);
    }

    private List<Long> sizes(String tensor, String member, int most) {
        require(
                json.nextToken() == JsonToken.START_ARRAY,
                "tensor " + tensor + " has a " + member + " that is no list");
        List<Long> sizes = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(sizes.size() < most, "tensor " + tensor + " has a " + member + " of over " + most + " numbers");
            sizes.add(size(tensor, member));
        }
        return sizes;
    }

    private long size(String tensor, String member) {
        boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        require(whole && json.getLongValue() >= 0, "tensor " + tensor + " has a " + member + " that is no size");
        return json.getLongValue();
    }

    private void skip() {
        json.nextToken();
        json.skipChildren();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw damaged(otherwise);
        }
    }

    private EngineException damaged(String problem) {
        return new EngineException(Kind.STORAGE, file + " is damaged: " + problem + ".");
    }

    @Override
    public void close() {
        json.close();
    }
}
