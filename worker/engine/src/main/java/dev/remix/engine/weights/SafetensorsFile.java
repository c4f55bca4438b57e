package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A safetensors file, mapped: opening reads the header only, and a tensor is read when it is asked for.
 *
 * <p>A file that can't be what it says is refused when it is opened, in one sentence: STORAGE for a damaged one, INVALID_SPEC
 * for a number format that is not supported, MODEL_NOT_FOUND for a missing one.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** The bound that the format's own reader keeps. */
    private static final long MAX_HEADER = 100_000_000;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final Arena arena;
    private final MemorySegment whole;
    private final MemorySegment data;
    private final SafetensorsHeader header;

    /** Over the bytes of a whole file; takes the arena over and closes it. */
    SafetensorsFile(String name, Arena arena, MemorySegment whole) {
        long headerLength = whole.byteSize() < 8 ? -1 : whole.get(LONG, 0);
        if (headerLength < 2 || headerLength > MAX_HEADER || headerLength > whole.byteSize() - 8) {
            throw new EngineException(
                    Kind.STORAGE, name + " is damaged or cut short: it has no whole safetensors header.");
        }
        this.name = name;
        this.arena = arena;
        this.whole = whole;
        this.data = whole.asSlice(8 + headerLength);
        byte[] json = whole.asSlice(8, headerLength).toArray(ValueLayout.JAVA_BYTE);
        this.header = SafetensorsHeader.parse(name, json, data.byteSize());
    }

    public static SafetensorsFile open(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!Files.exists(file)) {
            throw new EngineException(Kind.MODEL_NOT_FOUND, "There is no file " + name + ".");
        }
        if (!Files.isRegularFile(file)) {
            throw new EngineException(
                    Kind.STORAGE, name + " is not a file; a safetensors file is needed in its place.");
        }
        return map(file, name);
    }

    @SuppressWarnings("MustBeClosedChecker") // The file that is returned closes its arena.
    private static SafetensorsFile map(Path file, String name) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            MemorySegment whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new SafetensorsFile(name, arena, whole);
        } catch (IOException e) {
            arena.close();
            throw new EngineException(Kind.STORAGE, name + " can't be read: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** In the order of the header. */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    public Map<String, String> metadata() {
        return header.metadata();
    }

    public Optional<StoredTensor> find(String tensor) {
        return Optional.ofNullable(header.tensors().get(tensor)).map(entry -> stored(tensor, entry));
    }

    private StoredTensor stored(String tensor, SafetensorsHeader.Tensor entry) {
        MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
        return new StoredTensor(name, tensor, entry.format(), entry.shape(), bytes);
    }

    /** The tensor's values as float32, whatever format they are held in. */
    public Weight read(String tensor) {
        return find(tensor)
                .orElseThrow(() -> new EngineException(Kind.STORAGE, name + " has no tensor " + tensor + "."))
                .values();
    }

    /** All tensors, in the order of the header. */
    public List<Weight> readAll() {
        return names().stream().map(this::read).toList();
    }

    /** Refuses a file that is not, byte for byte, what {@link SafetensorsWriter#writeSealed} wrote. */
    public void requireSeal() {
        String stated = metadata().getOrDefault(Seal.MEMBER, "");
        byte[] head = whole.asSlice(0, whole.byteSize() - data.byteSize()).toArray(ValueLayout.JAVA_BYTE);
        int position = stated.length() == Seal.BLANK.length() ? Seal.position(head, stated) : -1;
        if (position < 0) {
            throw new EngineException(Kind.STORAGE, name + " is damaged: its header has no SHA-256.");
        }
        byte[] blank = Seal.BLANK.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(blank, 0, head, position, blank.length);
        Seal seal = new Seal();
        seal.update(ByteBuffer.wrap(head));
        seal.update(data);
        if (!seal.hex().equals(stated)) {
            throw new EngineException(Kind.STORAGE, name + " is damaged: its SHA-256 differs.");
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
