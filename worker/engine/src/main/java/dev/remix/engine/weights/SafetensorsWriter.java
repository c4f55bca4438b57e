package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a safetensors file whole or not at all: under a temporary name, synced, then renamed. Tensors lie in the given
 * order without gaps, and the same tensors give the same bytes.
 */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = JsonMapper.shared();

    private SafetensorsWriter() {}

    public static void write(Path file, Collection<Weight> weights, NumberFormat format, Map<String, String> metadata) {
        Path temporary = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                writeFully(channel, header(weights, format, metadata));
                for (Weight weight : weights) {
                    write(channel, weight, format);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, file.getFileName() + " can't be written: " + e.getMessage(), e);
        }
    }

    private static ByteBuffer header(Collection<Weight> weights, NumberFormat format, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            root.set("__metadata__", JSON.valueToTree(metadata));
        }
        long begin = 0;
        for (Weight weight : weights) {
            long end = begin + (long) weight.values().length * format.bytes();
            ObjectNode node = root.putObject(weight.name()).put("dtype", format.name());
            node.set("shape", JSON.valueToTree(weight.shape()));
            node.putArray("data_offsets").add(begin).add(end);
            begin = end;
        }
        return framed(JSON.writeValueAsBytes(root));
    }

    /** Length, then the text, padded with spaces so that the data is aligned. */
    private static ByteBuffer framed(byte[] json) {
        int length = Math.ceilDiv(json.length, 8) * 8;
        ByteBuffer frame = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(length).put(json);
        while (frame.hasRemaining()) {
            frame.put((byte) ' ');
        }
        return frame.flip();
    }

    private static void write(FileChannel channel, Weight weight, NumberFormat format) throws IOException {
        int chunk = 1 << 18;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate((long) chunk * format.bytes());
            float[] values = weight.values();
            for (int from = 0; from < values.length; from += chunk) {
                int count = Math.min(chunk, values.length - from);
                for (int i = 0; i < count; i++) {
                    format.write(buffer, i, values[from + i]);
                }
                writeFully(
                        channel,
                        buffer.asSlice(0, (long) count * format.bytes()).asByteBuffer());
            }
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
