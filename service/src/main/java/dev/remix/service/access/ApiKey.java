package dev.remix.service.access;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A key by which a program calls the API; the secret itself is not kept. */
@Entity
@Table(name = "api_keys")
public class ApiKey {
    @Id
    private String id;

    private String name;
    private String secretHash;
    private Instant createdAt;
    private @Nullable Instant revokedAt;

    /** For JPA. */
    @SuppressWarnings("NullAway.Init")
    protected ApiKey() {}

    ApiKey(String id, String name, String secretHash, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.secretHash = secretHash;
        this.createdAt = createdAt;
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    String secretHash() {
        return secretHash;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public boolean isRevoked() {
        return revokedAt != null;
    }
}
