package dev.remix.service.model;

import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

/** Rows of {@code models}. */
interface ModelRepository extends Repository<FinetunedModel, String> {
    FinetunedModel save(FinetunedModel model);

    Optional<FinetunedModel> findById(String id);

    List<FinetunedModel> findAllByOrderByCreatedAtDesc();

    void delete(FinetunedModel model);
}
