package dev.remix.service.dataset;

import dev.remix.service.Ids;
import dev.remix.service.Page;
import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StagedObject;
import dev.remix.service.model.BaseModel;
import dev.remix.service.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** All data sets. */
@Component
public class DataSets {
    private static final int PREVIEW = 3;
    private static final String AFTER_EVERY_ID = "~";

    private final DataSetRepository repository;
    private final ObjectStore objects;
    private final Models models;
    private final DataSetSettings settings;
    private final List<DataSetUse> uses;
    private final TransactionTemplate transactions;
    private final Ids ids;
    private final Clock clock;

    DataSets(
            DataSetRepository repository,
            ObjectStore objects,
            Models models,
            DataSetSettings settings,
            List<DataSetUse> uses,
            TransactionTemplate transactions,
            Ids ids,
            Clock clock) {
        this.repository = repository;
        this.objects = objects;
        this.models = models;
        this.settings = settings;
        this.uses = uses;
        this.ids = ids;
        this.clock = clock;
        this.transactions = transactions;
    }

    /** Stores an upload that is sound, and refuses any other with everything that is wrong with it. */
    public DataSet upload(Purpose purpose, String filename, InputStream content) throws IOException {
        try (StagedDataSet staged = stage(content)) {
            return keep(staged, purpose, filename);
        }
    }

    /** The first half of an upload, for a client that says the purpose only after the content. */
    public StagedDataSet stage(InputStream content) throws IOException {
        Validation validation = new Validation(settings, models.baseModels());
        StagedObject staged = objects.stage(validation.over(content));
        try {
            return new StagedDataSet(staged, validation.finish());
        } catch (RuntimeException refused) {
            staged.close();
            throw refused;
        }
    }

    /** The second half. */
    public DataSet keep(StagedDataSet staged, Purpose purpose, String filename) {
        checkFilename(filename);
        return transactions.execute(status -> repository.save(new DataSet(
                ids.next("file"),
                purpose,
                filename,
                objects.keep(staged.object()),
                staged.statistics(),
                clock.instant())));
    }

    private static void checkFilename(String filename) {
        if (filename.isBlank() || filename.length() > 255 || filename.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.invalid(
                    "file",
                    "invalid_filename",
                    "The file's name must have 1 to 255 characters and no control characters.");
        }
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

    /** The first example that {@code model} certainly cannot hold in {@code maxTokens}, or empty when there is none known. */
    public Optional<Problem> findTooLong(DataSet dataSet, BaseModel model, int maxTokens) throws IOException {
        if (!model.countsTokens()) {
            return Optional.empty();
        }
        try (ExampleReader examples = new ExampleReader(open(dataSet), settings)) {
            return examples.stream()
                    .filter(example -> model.cannotHold(example.turns(), maxTokens))
                    .map(example -> LengthRule.tooLong(example.line(), model, maxTokens))
                    .findFirst();
        }
    }

    /** The first examples, as they were uploaded. */
    public List<JsonNode> preview(DataSet dataSet) throws IOException {
        try (ExampleReader examples = new ExampleReader(open(dataSet), settings)) {
            return examples.stream()
                    .limit(PREVIEW)
                    .map(ExampleReader.Example::json)
                    .toList();
        }
    }

    /** Data sets older than {@code after}, or all; of one purpose, or of any. */
    public Page<DataSet> newestFirst(@Nullable Purpose purpose, @Nullable String after, int limit) {
        String bound = after == null ? AFTER_EVERY_ID : after;
        return Page.of(
                repository.findByPurposeInAndIdLessThanOrderByIdDesc(purposes(purpose), bound, Limit.of(limit + 1)),
                limit);
    }

    /** Data sets younger than {@code after}, or all; of one purpose, or of any. */
    public Page<DataSet> oldestFirst(@Nullable Purpose purpose, @Nullable String after, int limit) {
        String bound = after == null ? "" : after;
        return Page.of(
                repository.findByPurposeInAndIdGreaterThanOrderById(purposes(purpose), bound, Limit.of(limit + 1)),
                limit);
    }

    private static Set<Purpose> purposes(@Nullable Purpose purpose) {
        return purpose == null ? EnumSet.allOf(Purpose.class) : EnumSet.of(purpose);
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
