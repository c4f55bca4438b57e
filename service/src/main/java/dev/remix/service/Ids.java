package dev.remix.service;

import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * Makes identifiers such as {@code file-06a3k1…}: 26 characters after the prefix, opaque, and in the order of their making
 * when sorted as text. 48 bits of milliseconds, then 80 bits that are random at first and count up within a millisecond.
 */
public final class Ids {
    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int LENGTH = 26;

    private final Clock clock;
    private final RandomGenerator random;
    private long millis = -1;
    private int randomHigh;
    private long randomLow;

    public Ids(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    public synchronized String next(String prefix) {
        advance();
        // Bits from the right: 64 of randomLow, 16 of randomHigh, 48 of millis; 130 bits of digits hold the 128.
        long high = (millis << 16) | randomHigh;
        char[] text = new char[LENGTH];
        long low = randomLow;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS[(int) (low & 31)];
            low = (low >>> 5) | (high << 59);
            high >>>= 5;
        }
        return prefix + "-" + new String(text);
    }

    private void advance() {
        long now = clock.millis();
        if (now > millis) {
            millis = now;
            randomHigh = random.nextInt(1 << 16);
            randomLow = random.nextLong();
        } else if (++randomLow == 0) {
            // A clock that was set back, or 2^80 identifiers in a millisecond: order matters more than the time told.
            if (++randomHigh == 1 << 16) {
                randomHigh = 0;
                millis++;
            }
        }
    }
}
