package dev.remix.service.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Content-addressed storage. Bytes are staged outside any transaction, then kept in the transaction that also writes the row
 * which refers to them, so that neither exists without the other:
 *
 * <pre>{@code
 * try (StagedObject staged = objects.stage(content)) {
 *     transactions.executeWithoutResult(status -> repository.save(new Thing(objects.keep(staged))));
 * }
 * }</pre>
 */
@Component
public class ObjectStore {
    private static final Logger log = LoggerFactory.getLogger(ObjectStore.class);

    private final ObjectDirectory directory;
    private final ObjectRows rows;
    private final TransactionTemplate transactions;
    private final Clock clock;

    ObjectStore(ArtifactSettings settings, ObjectRows rows, TransactionTemplate transactions, Clock clock)
            throws IOException {
        this.directory = new ObjectDirectory(settings.directory());
        this.rows = rows;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Streams content to disk under a temporary name, synced. */
    public StagedObject stage(InputStream content) throws IOException {
        return directory.stage(content);
    }

    /** Makes staged bytes an object. The caller's transaction must also write the row that refers to it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public StoredObject keep(StagedObject staged) {
        rows.hold(staged.content(), clock.instant());
        try {
            directory.adopt(staged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return staged.content();
    }

    /** The content, which fails with an {@link IOException} at its end if it is not what its name says. */
    public InputStream open(StoredObject object) throws IOException {
        return new VerifyingInputStream(Files.newInputStream(directory.path(object.sha256())), object);
    }

    /** The file that holds the content, for a reader that seeks; it must not be changed. */
    public Path path(StoredObject object) throws IOException {
        Path path = directory.path(object.sha256());
        if (Files.notExists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return path;
    }

    /** Deletes the object if no row refers to it any more; call it after the transaction that removed the reference. */
    public boolean deleteUnreferenced(String sha256) {
        try {
            return Boolean.TRUE.equals(transactions.execute(status -> deleteRowThenFile(sha256)));
        } catch (DataIntegrityViolationException e) {
            log.debug("Object {} found a new referrer while it was being deleted", sha256);
            return false;
        }
    }

    /** The row is locked until the file is gone, so that nobody keeps the same content in between. */
    private boolean deleteRowThenFile(String sha256) {
        if (!rows.deleteUnreferenced(sha256)) {
            return false;
        }
        try {
            directory.delete(sha256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return true;
    }

    /** Removes what a crash may have left: half-written files, files without a row, rows that nothing refers to. */
    void sweep() throws IOException {
        directory.clearIncoming();
        rows.unreferenced().forEach(this::deleteUnreferenced);
        Set<String> known = rows.all();
        for (String name : directory.names()) {
            if (!known.contains(name)) {
                directory.delete(name);
            }
        }
    }
}
