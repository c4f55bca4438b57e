package dev.remix.service.access;

import dev.remix.service.Ids;
import dev.remix.service.artifact.Digests;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** All API keys. A secret has 256 random bits, so its plain SHA-256 is as good as a slow hash and costs nothing a request. */
@Component
public class ApiKeys {
    private static final String PREFIX = "rmx_";
    private static final int SECRET_BYTES = 32;

    private final ApiKeyRepository repository;
    private final SecureRandom random;
    private final Ids ids;
    private final Clock clock;

    ApiKeys(ApiKeyRepository repository, SecureRandom random, Ids ids, Clock clock) {
        this.repository = repository;
        this.random = random;
        this.ids = ids;
        this.clock = clock;
    }

    /** The key with this secret, unless it was revoked. */
    public Optional<ApiKey> authenticate(String secret) {
        return repository.findBySecretHashAndRevokedAtIsNull(Digests.sha256(secret));
    }

    /**
     * Makes the first key of an installation that has none, and hands the secret out once, before the key becomes valid: if
     * it cannot be written down, there is no key.
     */
    @Transactional
    public void createFirst(String name, Consumer<String> secretReceiver) {
        if (repository.count() > 0) {
            return;
        }
        String secret = newSecret();
        repository.save(new ApiKey(ids.next("key"), name, Digests.sha256(secret), clock.instant()));
        secretReceiver.accept(secret);
    }

    private String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
