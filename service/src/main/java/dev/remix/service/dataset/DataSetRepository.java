package dev.remix.service.dataset;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

    List<DataSet> findByPurposeInAndIdGreaterThanOrderById(Collection<Purpose> purposes, String after, Limit limit);

    List<DataSet> findByPurposeInAndIdLessThanOrderByIdDesc(Collection<Purpose> purposes, String after, Limit limit);
}
