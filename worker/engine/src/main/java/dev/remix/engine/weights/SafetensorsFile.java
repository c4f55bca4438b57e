package dev.remix.engine.weights;

import dev.remix.engine.EngineException;
import dev.remix.engine.EngineException.Kind;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
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
    private final MemorySegment data;
    private final SafetensorsHeader header;

    private SafetensorsFile(String name, Arena arena, MemorySegment data, SafetensorsHeader header) {
        this.name = name;
        this.arena = arena;
        this.data = data;
        this.header = header;
    }

    @SuppressWarnings("MustBeClosedChecker") // The file that is returned closes its arena.
    public static SafetensorsFile open(Path file) {
        String name = String.valueOf(file.getFileName());
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            MemorySegment whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return read(name, arena, whole);
        } catch (NoSuchFileException e) {
            arena.close();
            throw new EngineException(Kind.MODEL_NOT_FOUND, "There is no file " + name + ".", e);
        } catch (IOException e) {
            arena.close();
            throw new EngineException(Kind.STORAGE, name + " can't be read: " + e.getMessage(), e);
        } catch (EngineException e) {
            arena.close();
            throw e;
        }
    }

    private static SafetensorsFile read(String name, Arena arena, MemorySegment whole) {
        long headerLength = whole.byteSize() < 8 ? -1 : whole.get(LONG, 0);
        if (headerLength < 2 || headerLength > MAX_HEADER || headerLength > whole.byteSize() - 8) {
            throw new EngineException(
                    Kind.STORAGE, name + " is damaged or cut short: it has no whole safetensors header.");
        }
        byte[] json = whole.asSlice(8, headerLength).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment data = whole.asSlice(8 + headerLength);
        return new SafetensorsFile(name, arena, data, SafetensorsHeader.parse(name, json, data.byteSize()));
    }

    public Set<String> names() {
        return header.tensors().keySet();
    }

    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** The tensor's values as float32, whatever format they are held in. */
    public Weight read(String tensor) {
        SafetensorsHeader.Tensor entry = header.tensors().get(tensor);
        if (entry == null) {
            throw new EngineException(Kind.STORAGE, name + " has no tensor " + tensor + ".");
        }
        MemorySegment bytes = data.asSlice(entry.begin(), entry.end() - entry.begin());
        long size = bytes.byteSize() / entry.format().bytes();
        if (size > Integer.MAX_VALUE - 8) {
            throw new EngineException(Kind.INVALID_SPEC, name + ": tensor " + tensor + " has over 2^31 values.");
        }
        float[] values = new float[(int) size];
        for (int i = 0; i < values.length; i++) {
            values[i] = entry.format().read(bytes, i);
        }
        return new Weight(tensor, entry.shape(), values);
    }

    /** Everything behind the header, for whoever keeps a digest of it. */
    public MemorySegment data() {
        return data;
    }

    @Override
    public void close() {
        arena.close();
    }
}
