package dev.remix.service.access;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/** Rows of {@code api_keys}. */
interface ApiKeyRepository extends Repository<ApiKey, String> {
    ApiKey save(ApiKey key);

    Optional<ApiKey> findBySecretHashAndRevokedAtIsNull(String secretHash);

    long count();
}
