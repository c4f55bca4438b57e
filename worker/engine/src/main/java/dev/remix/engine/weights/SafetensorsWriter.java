package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a safetensors file whole or not at all: under a temporary name, synced, then renamed. Tensors lie in the given
 * order without gaps, and the same tensors give the same bytes.
 */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int CHUNK = 1 << 18;

    private final FileChannel channel;
    private final Seal seal = new Seal();

    private SafetensorsWriter(FileChannel channel) {
        this.channel = channel;
    }

    public static void write(Path file, Collection<Weight> weights, NumberFormat format, Map<String, String> metadata) {
        replace(file, writer -> writer.write(header(weights, format, metadata), weights, format));
    }

    /** The same with a SHA-256 of every byte in the metadata, which {@link SafetensorsFile#requireSeal} holds the file to. */
    public static void writeSealed(
            Path file, Collection<Weight> weights, NumberFormat format, Map<String, String> metadata) {
        Map<String, String> sealed = new TreeMap<>(metadata);
        sealed.put(Seal.MEMBER, Seal.BLANK);
        replace(file, writer -> {
            byte[] header = header(weights, format, sealed);
            int position = Seal.position(header, Seal.BLANK);
            writer.write(header, weights, format);
            byte[] hex = writer.seal.hex().getBytes(StandardCharsets.US_ASCII);
            writer.channel.position(position);
            writer.put(ByteBuffer.wrap(hex));
        });
    }

    /** What fills the file that takes another's place. */
    @FunctionalInterface
    private interface Content {
        void writeBy(SafetensorsWriter writer) throws IOException;
    }

    private static void replace(Path file, Content content) {
        Path temporary = file.resolveSibling(file.getFileName() + ".partial");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                content.writeBy(new SafetensorsWriter(channel));
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncName(file);
        } catch (IOException e) {
            throw new EngineException(Kind.STORAGE, file.getFileName() + " can't be written: " + e.getMessage(), e);
        }
    }

    /** A power cut must not bring the file of before back once somebody was told of this one. */
    private static void syncName(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
            directory.force(true);
        }
    }

    private static byte[] header(Collection<Weight> weights, NumberFormat format, Map<String, String> metadata) {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            root.set("__metadata__", JSON.valueToTree(new TreeMap<>(metadata)));
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
    private static byte[] framed(byte[] json) {
        int length = Math.ceilDiv(json.length, 8) * 8;
        ByteBuffer frame = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putLong(length).put(json);
        while (frame.hasRemaining()) {
            frame.put((byte) ' ');
        }
        return frame.array();
    }

    private void write(byte[] header, Collection<Weight> weights, NumberFormat format) throws IOException {
        put(ByteBuffer.wrap(header));
        for (Weight weight : weights) {
            write(weight, format);
        }
    }

    private void write(Weight weight, NumberFormat format) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate((long) CHUNK * format.bytes());
            float[] values = weight.values();
            for (int from = 0; from < values.length; from += CHUNK) {
                int count = Math.min(CHUNK, values.length - from);
                format.write(values, from, count, buffer);
                put(buffer.asSlice(0, (long) count * format.bytes()).asByteBuffer());
            }
        }
    }

    private void put(ByteBuffer bytes) throws IOException {
        seal.update(bytes);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
