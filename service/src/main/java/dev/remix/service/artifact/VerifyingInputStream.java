package dev.remix.service.artifact;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads an object and throws at the end of it when its bytes are not those that were stored. */
final class VerifyingInputStream extends FilterInputStream {
    private final Digests.Digesting digesting;
    private final StoredObject expected;
    private boolean verified;

    VerifyingInputStream(InputStream content, StoredObject expected) {
        this(Digests.sha256(content), expected);
    }

    private VerifyingInputStream(Digests.Digesting digesting, StoredObject expected) {
        super(digesting);
        this.digesting = digesting;
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value < 0) {
            verify();
        }
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count < 0) {
            verify();
        }
        return count;
    }

    private void verify() throws IOException {
        if (!verified) {
            String actual = digesting.hex();
            if (!actual.equals(expected.sha256())) {
                throw new IOException("object " + expected.sha256() + " is damaged: its content is " + actual);
            }
            verified = true;
        }
    }

    /** Skipping would leave bytes out of the digest. */
    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
