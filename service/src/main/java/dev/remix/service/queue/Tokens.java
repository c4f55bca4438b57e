package dev.remix.service.queue;

import dev.remix.service.artifact.Digests;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.stereotype.Component;

/** Bearer tokens: 256 random bits, of which only the hash is stored. */
@Component
class Tokens {
    private static final int BYTES = 32;

    private final SecureRandom random;

    Tokens(SecureRandom random) {
        this.random = random;
    }

    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return "rmxw_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hash(String token) {
        return Digests.sha256(token);
    }
}
