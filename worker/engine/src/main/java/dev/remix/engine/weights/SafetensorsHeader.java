package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * What a safetensors header says, believed only as far as the file bears it out: every tensor lies within the data, is as
 * long as its shape and format need, and together they are all of the data, none overlapping another.
 */
record SafetensorsHeader(Map<String, Tensor> tensors, Map<String, String> metadata) {

    /** Bytes {@code begin} to {@code end} of the data, which starts behind the header. */
    record Tensor(NumberFormat format, List<Long> shape, long begin, long end) {}

    static SafetensorsHeader parse(String file, byte[] json, long dataLength) {
        try (HeaderParser parser = new HeaderParser(file, json)) {
            SafetensorsHeader header = parser.header();
            header.requireWithin(file, dataLength);
            header.requireGapless(file, dataLength);
            return header;
        } catch (StreamConstraintsException e) {
            throw damaged(file, "its header is nested too deeply, or has a text or a number of excessive length", e);
        } catch (JacksonException e) {
            throw damaged(file, "its header is not JSON", e);
        }
    }

    static EngineException damaged(String file, String problem, Throwable cause) {
        return new EngineException(Kind.STORAGE, file + " is damaged: " + problem + ".", cause);
    }

    private void requireWithin(String file, long dataLength) {
        tensors.forEach((name, tensor) -> {
            require(
                    file,
                    tensor.begin() <= tensor.end() && tensor.end() <= dataLength,
                    "tensor " + name + " lies outside of the file");
            require(
                    file,
                    needed(tensor) == tensor.end() - tensor.begin(),
                    "tensor " + name + " is not as long as its shape " + tensor.shape() + " needs");
        });
    }

    /** Bytes that the shape asks for; -1 where no file could hold them. */
    private static long needed(Tensor tensor) {
        if (tensor.shape().contains(0L)) {
            return 0;
        }
        try {
            return tensor.shape().stream().reduce((long) tensor.format().bytes(), Math::multiplyExact);
        } catch (ArithmeticException _) {
            return -1;
        }
    }

    private void requireGapless(String file, long dataLength) {
        List<Map.Entry<String, Tensor>> inOrder = tensors.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Tensor> entry) ->
                                entry.getValue().begin())
                        .thenComparingLong(entry -> entry.getValue().end()))
                .toList();
        long end = 0;
        for (Map.Entry<String, Tensor> entry : inOrder) {
            long begin = entry.getValue().begin();
            require(file, begin >= end, "tensor " + entry.getKey() + " overlaps another");
            require(file, begin == end, "bytes " + end + " to " + begin + " of its data belong to no tensor");
            end = entry.getValue().end();
        }
        require(file, end == dataLength, "bytes " + end + " to " + dataLength + " of its data belong to no tensor");
    }

    private static void require(String file, boolean holds, String otherwise) {
        if (!holds) {
            throw new EngineException(Kind.STORAGE, file + " is damaged: " + otherwise + ".");
        }
    }
}
