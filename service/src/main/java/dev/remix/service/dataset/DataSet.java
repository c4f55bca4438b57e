package dev.remix.service.dataset;

import dev.remix.service.artifact.StoredObject;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** One stored, validated, immutable file of chat examples. */
@Entity
@Table(name = "files")
public class DataSet {
    @Id
    private String id;

    private Purpose purpose;
    private String filename;

    @Embedded
    private StoredObject content;

    @Embedded
    private Statistics statistics;

    private Instant createdAt;

    /** For JPA. */
    @SuppressWarnings("NullAway.Init")
    protected DataSet() {}

    DataSet(
            String id,
            Purpose purpose,
            String filename,
            StoredObject content,
            Statistics statistics,
            Instant createdAt) {
        this.id = id;
        this.purpose = purpose;
        this.filename = filename;
        this.content = content;
        this.statistics = statistics;
        this.createdAt = createdAt;
    }

    public String id() {
        return id;
    }

    public Purpose purpose() {
        return purpose;
    }

    public String filename() {
        return filename;
    }

    public StoredObject content() {
        return content;
    }

    public Statistics statistics() {
        return statistics;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
