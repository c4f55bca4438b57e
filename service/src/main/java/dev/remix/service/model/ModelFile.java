package dev.remix.service.model;

import dev.remix.service.artifact.StoredObject;
import jakarta.persistence.Embeddable;

/** One file of an adapter, under the name it is downloaded with. */
@Embeddable
public record ModelFile(String name, StoredObject content) {}
