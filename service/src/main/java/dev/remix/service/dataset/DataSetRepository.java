package dev.remix.service.dataset;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Rows of {@code files}. */
interface DataSetRepository extends Repository<DataSet, String> {
    DataSet save(DataSet dataSet);

    Optional<DataSet> findById(String id);

    /** With the row's lock, which excludes a job that is being created on the file. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT d FROM DataSet d WHERE d.id = :id")
    Optional<DataSet> lockById(String id);

    void delete(DataSet dataSet);

    @Query("""
            SELECT d FROM DataSet d
            WHERE (:purpose IS NULL OR d.purpose = :purpose) AND (:after IS NULL OR d.id > :after)
            ORDER BY d.id
            """)
    List<DataSet> oldestFirst(@Nullable Purpose purpose, @Nullable String after, Limit limit);

    @Query("""
            SELECT d FROM DataSet d
            WHERE (:purpose IS NULL OR d.purpose = :purpose) AND (:after IS NULL OR d.id < :after)
            ORDER BY d.id DESC
            """)
    List<DataSet> newestFirst(@Nullable Purpose purpose, @Nullable String after, Limit limit);
}
