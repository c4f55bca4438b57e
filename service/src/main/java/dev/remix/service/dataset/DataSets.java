package dev.remix.service.dataset;

import dev.remix.service.Page;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** All data sets. */
@Component
public class DataSets {
    private final DataSetRepository repository;
    private final ObjectStore objects;
    private final List<DataSetUse> uses;
    private final TransactionTemplate transactions;

    DataSets(
            DataSetRepository repository,
            ObjectStore objects,
            List<DataSetUse> uses,
            TransactionTemplate transactions) {
        this.repository = repository;
        this.objects = objects;
        this.uses = uses;
        this.transactions = transactions;
    }

    public Optional<DataSet> find(String id) {
        return repository.findById(id);
    }

    /** The data set, locked against deletion until the caller's transaction ends. */
    public Optional<DataSet> findForUse(String id) {
        return repository.lockById(id);
    }

    public DataSet get(String id) {
        return find(id).orElseThrow(() -> Refusal.notFound("file", id));
    }

    /** The bytes as they were uploaded. */
    public InputStream open(DataSet dataSet) throws IOException {
        return objects.open(dataSet.content());
    }

    public Page<DataSet> newestFirst(@Nullable Purpose purpose, @Nullable String after, int limit) {
        return Page.of(repository.newestFirst(purpose, after, Limit.of(limit + 1)), limit);
    }

    public Page<DataSet> oldestFirst(@Nullable Purpose purpose, @Nullable String after, int limit) {
        return Page.of(repository.oldestFirst(purpose, after, Limit.of(limit + 1)), limit);
    }

    /** Deletes the data set and its bytes, unless something unfinished still needs it. */
    public void delete(String id) {
        DataSet deleted = transactions.execute(status -> deleteRow(id));
        objects.deleteUnreferenced(deleted.content().sha256());
    }

    private DataSet deleteRow(String id) {
        DataSet dataSet = findForUse(id).orElseThrow(() -> Refusal.notFound("file", id));
        for (DataSetUse use : uses) {
            use.userOf(id).ifPresent(user -> {
                throw Refusal.conflict("file_in_use", "The file is needed by " + user + ", which is not finished.");
            });
        }
        repository.delete(dataSet);
        return dataSet;
    }
}
