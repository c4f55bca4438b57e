package dev.remix.engine.weights;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 over every byte of a file that holds it itself: in its place the bytes that are summed have zeros. So no byte can
 * change unnoticed, names, shapes and padding of the header included.
 */
final class Seal {
    static final String MEMBER = "sha256";
    static final String BLANK = "0".repeat(64);

    private static final long CHUNK = 1 << 20;

    private final MessageDigest digest;

    Seal() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /** Leaves the buffer as it was. */
    void update(ByteBuffer bytes) {
        digest.update(bytes.duplicate());
    }

    void update(MemorySegment bytes) {
        for (long from = 0; from < bytes.byteSize(); from += CHUNK) {
            update(bytes.asSlice(from, Math.min(CHUNK, bytes.byteSize() - from)).asByteBuffer());
        }
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Where the seal's text begins in the bytes before the data, or -1. Quotes within other texts are escaped, so that
     * nothing else in there reads like this member.
     */
    static int position(byte[] head, String seal) {
        String member = "\"" + MEMBER + "\":\"";
        int found = new String(head, StandardCharsets.ISO_8859_1).indexOf(member + seal + "\"");
        return found < 0 ? -1 : found + member.length();
    }
}
