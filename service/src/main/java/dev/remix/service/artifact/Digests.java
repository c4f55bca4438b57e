package dev.remix.service.artifact;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in lower-case hex. */
public final class Digests {
    private Digests() {}

    public static String sha256(String text) {
        return HexFormat.of().formatHex(newSha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A stream that digests what is read from it. */
    public static Digesting sha256(InputStream content) {
        return new Digesting(content);
    }

    /** Passes bytes through; {@link #hex()} once they are all read. */
    public static final class Digesting extends DigestInputStream {
        private Digesting(InputStream content) {
            super(content, newSha256());
        }

        /** The digest of everything read; ends the digesting. */
        public String hex() {
            return HexFormat.of().formatHex(getMessageDigest().digest());
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
