package dev.remix.service.artifact;

import jakarta.persistence.Embeddable;

/** A kept object: the SHA-256 of its content in hex, which is also its name, and its length. */
@Embeddable
public record StoredObject(String sha256, long bytes) {}
