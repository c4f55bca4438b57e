package dev.remix.service.job;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface JobRepository extends Repository<Job, String> {

    Job saveAndFlush(Job job);

    Optional<Job> findById(String id);

    /** Waits for whoever else is changing the job, and reads what they left. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("SELECT j FROM Job j WHERE j.id = :id")
    Optional<Job> lockById(String id);

    /** Newest first; identifiers sort by age. */
    @Query(nativeQuery = true, value = """
                    SELECT * FROM jobs
                    WHERE id < :before AND metadata @> CAST(:metadata AS jsonb)
                    ORDER BY id DESC LIMIT :limit
                    """)
    List<Job> page(String before, String metadata, int limit);
}
