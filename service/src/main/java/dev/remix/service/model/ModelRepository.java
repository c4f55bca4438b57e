package dev.remix.service.model;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Rows of {@code models}. */
interface ModelRepository extends Repository<FinetunedModel, String> {
    FinetunedModel save(FinetunedModel model);

    Optional<FinetunedModel> findById(String id);

    /** With the row's lock, which excludes a job that is being created on the model. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT m FROM FinetunedModel m WHERE m.id = :id")
    Optional<FinetunedModel> lockById(String id);

    List<FinetunedModel> findAllByOrderByCreatedAtDesc();

    void delete(FinetunedModel model);
}
