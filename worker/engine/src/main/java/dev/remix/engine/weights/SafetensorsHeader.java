package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a safetensors header says, believed only as far as the file bears it out: every tensor lies within the data, is as
 * long as its shape and format need, and none overlaps another.
 */
record SafetensorsHeader(Map<String, Tensor> tensors, Map<String, String> metadata) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Bytes {@code begin} to {@code end} of the data, which starts behind the header. */
    record Tensor(NumberFormat format, List<Long> shape, long begin, long end) {}

    static SafetensorsHeader parse(String file, byte[] json, long dataLength) {
        Parser parser = new Parser(file, dataLength);
        try {
            return parser.parse(JSON.readTree(json));
        } catch (JacksonException e) {
            throw new EngineException(Kind.STORAGE, file + " is damaged: its header is not JSON.", e);
        } catch (ArithmeticException e) {
            throw new EngineException(Kind.STORAGE, file + " is damaged: a tensor is larger than any file.", e);
        }
    }

    private record Parser(String file, long dataLength) {

        SafetensorsHeader parse(JsonNode root) {
            require(root.isObject(), "its header is not a JSON object");
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> member : root.properties()) {
                if (member.getKey().equals("__metadata__")) {
                    member.getValue()
                            .properties()
                            .forEach(entry -> metadata.put(
                                    entry.getKey(), entry.getValue().asString("")));
                } else {
                    tensors.put(member.getKey(), tensor(member.getKey(), member.getValue()));
                }
            }
            requireDisjoint(tensors);
            return new SafetensorsHeader(tensors, metadata);
        }

        private Tensor tensor(String name, JsonNode node) {
            NumberFormat format = format(name, node.path("dtype").asString("none"));
            List<Long> shape = longs(name, "shape", node.path("shape"));
            List<Long> offsets = longs(name, "data_offsets", node.path("data_offsets"));
            require(offsets.size() == 2, "tensor " + name + " has no pair of data_offsets");
            long begin = offsets.get(0);
            long end = offsets.get(1);
            require(begin <= end && end <= dataLength, "tensor " + name + " lies outside of the file");
            long needed = shape.stream().reduce((long) format.bytes(), Math::multiplyExact);
            require(end - begin == needed, "tensor " + name + " is not as long as its shape " + shape + " needs");
            return new Tensor(format, shape, begin, end);
        }

        private NumberFormat format(String name, String dtype) {
            return NumberFormat.named(dtype)
                    .orElseThrow(() -> new EngineException(
                            Kind.INVALID_SPEC,
                            "%s holds tensor %s as %s; F32, F16 and BF16 can be read.".formatted(file, name, dtype)));
        }

        private List<Long> longs(String name, String member, JsonNode node) {
            require(node.isArray(), "tensor " + name + " has no " + member);
            List<Long> numbers = new ArrayList<>();
            for (JsonNode element : node) {
                require(
                        element.canConvertToLong() && element.isIntegralNumber() && element.longValue() >= 0,
                        "tensor " + name + " has a " + member + " that is no size");
                numbers.add(element.longValue());
            }
            return numbers;
        }

        private void requireDisjoint(Map<String, Tensor> tensors) {
            List<Map.Entry<String, Tensor>> byBegin = tensors.entrySet().stream()
                    .filter(entry -> entry.getValue().begin() < entry.getValue().end())
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().begin()))
                    .toList();
            long free = 0;
            for (Map.Entry<String, Tensor> entry : byBegin) {
                require(entry.getValue().begin() >= free, "tensor " + entry.getKey() + " overlaps another");
                free = entry.getValue().end();
            }
        }

        private void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new EngineException(Kind.STORAGE, file + " is damaged: " + otherwise + ".");
            }
        }
    }
}
