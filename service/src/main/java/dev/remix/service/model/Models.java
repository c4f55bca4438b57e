package dev.remix.service.model;

import dev.remix.service.Ids;
import dev.remix.service.Refusal;
import dev.remix.service.artifact.ObjectStore;
import dev.remix.service.artifact.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** All models: the base models of the models directory and the finetuned ones. */
@Component
public class Models {
    private static final int SHORT_ID_LENGTH = 10;

    private final BaseModels baseModels;
    private final ModelRepository repository;
    private final ObjectStore objects;
    private final List<ModelUse> uses;
    private final TransactionTemplate transactions;
    private final Ids ids;
    private final Clock clock;

    Models(
            BaseModels baseModels,
            ModelRepository repository,
            ObjectStore objects,
            List<ModelUse> uses,
            TransactionTemplate transactions,
            Ids ids,
            Clock clock) {
        this.baseModels = baseModels;
        this.repository = repository;
        this.objects = objects;
        this.uses = uses;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    public List<BaseModel> baseModels() {
        return baseModels.list();
    }

    public Optional<BaseModel> findBase(String id) {
        return baseModels.find(id);
    }

    public Optional<FinetunedModel> findFinetuned(String id) {
        return repository.findById(id);
    }

    /** The model, locked against deletion until the caller's transaction ends. */
    public Optional<FinetunedModel> findFinetunedForUse(String id) {
        return repository.lockById(id);
    }

    public List<FinetunedModel> finetunedNewestFirst() {
        return repository.findAllByOrderByCreatedAtDesc();
    }

    /** Makes a finished job's adapter a model, in the transaction that ends the job. */
    @Transactional(propagation = Propagation.MANDATORY)
    public FinetunedModel publish(Publication publication) {
        String suffix = publication.suffix() == null ? "" : publication.suffix();
        String unique = ids.next("ft");
        String id =
                "ft:" + publication.base() + ":" + suffix + ":" + unique.substring(unique.length() - SHORT_ID_LENGTH);
        return repository.save(new FinetunedModel(id, publication, clock.instant()));
    }

    /** Deletes a finetuned model and its files; a base model belongs to whoever keeps the models directory. */
    public void deleteFinetuned(String id) {
        List<ModelFile> files = transactions.execute(status -> deleteRow(id)).files();
        files.forEach(file -> objects.deleteUnreferenced(file.content().sha256()));
    }

    private FinetunedModel deleteRow(String id) {
        FinetunedModel model = findFinetunedForUse(id).orElseThrow(() -> Refusal.notFound("finetuned model", id));
        for (ModelUse use : uses) {
            use.userOfModel(id).ifPresent(user -> {
                throw Refusal.conflict("model_in_use", "The model is needed by " + user + ", which is not finished.");
            });
        }
        repository.delete(model);
        return model;
    }

    /** The bytes of one of a model's files. */
    public InputStream open(StoredObject content) throws IOException {
        return objects.open(content);
    }
}
