package dev.remix.service.model;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a job published: an adapter's files over a base model of a fixed revision. */
@Entity
@Table(name = "models")
public class FinetunedModel {
    @Id
    private String id;

    private String base;
    private String baseRevision;
    private String jobId;
    private Instant createdAt;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(name = "model_files", joinColumns = @JoinColumn(name = "model_id"))
    @OrderBy("name")
    private List<ModelFile> files;

    /** For JPA. */
    @SuppressWarnings("NullAway.Init")
    protected FinetunedModel() {}

    FinetunedModel(String id, Publication publication, Instant createdAt) {
        this.id = id;
        this.base = publication.base();
        this.baseRevision = publication.baseRevision();
        this.jobId = publication.jobId();
        this.files = new ArrayList<>(publication.files());
        this.createdAt = createdAt;
    }

    public String id() {
        return id;
    }

    public String base() {
        return base;
    }

    public String baseRevision() {
        return baseRevision;
    }

    public String jobId() {
        return jobId;
    }

    public List<ModelFile> files() {
        return List.copyOf(files);
    }

    public Instant createdAt() {
        return createdAt;
    }
}
