package dev.remix.service.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.fixture.ServiceTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionTemplate;

@ServiceTest
class ObjectStoreTest {
    @Autowired
    private ObjectStore objects;

    @Autowired
    private ArtifactSettings settings;

    @Autowired
    private TransactionTemplate transactions;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void keptContentReadsBackUnderItsDigest() throws IOException {
        StoredObject kept = keep("hello");
        assertThat(kept)
                .isEqualTo(new StoredObject("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", 5));
        assertThat(read(kept)).isEqualTo("hello");
    }

    @Test
    void theSameContentIsStoredOnce() throws IOException {
        StoredObject first = keep("twice");
        StoredObject second = keep("twice");
        assertThat(second).isEqualTo(first);
        assertThat(files()).filteredOn(name -> name.equals(first.sha256())).hasSize(1);
        assertThat(incoming()).isEmpty();
    }

    @Test
    void stagedContentThatNobodyKeepsLeavesNothing() throws IOException {
        List<String> before = files();
        try (StagedObject staged = objects.stage(content("never kept"))) {
            assertThat(incoming()).hasSize(1);
            assertThat(staged.content().bytes()).isEqualTo(10);
        }
        assertThat(incoming()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aStreamThatBreaksOffLeavesNothing() throws IOException {
        InputStream broken = new SequenceInputStream(content("x".repeat(100_000)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return read();
            }
        });
        assertThatThrownBy(() -> objects.stage(broken)).hasMessage("connection reset");
        assertThat(incoming()).isEmpty();
    }

    @Test
    void keepingOutsideATransactionIsRefused() throws IOException {
        try (StagedObject staged = objects.stage(content("no transaction"))) {
            assertThatThrownBy(() -> objects.keep(staged)).isInstanceOf(IllegalTransactionStateException.class);
        }
    }

    @Test
    void damagedContentIsNoticedWhileReading() throws IOException {
        StoredObject kept = keep("precious");
        Files.writeString(objects.path(kept), "precioux");
        assertThatThrownBy(() -> read(kept)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    @Test
    void anObjectThatARowNeedsIsNotDeleted() throws IOException {
        StoredObject kept = keep("needed");
        jdbc.sql("INSERT INTO models VALUES ('ft:m:s:1', 'm', repeat('a', 64), 'ftjob-1', now())")
                .update();
        jdbc.sql("INSERT INTO model_files VALUES ('ft:m:s:1', 'adapter.safetensors', ?, ?)")
                .params(kept.sha256(), kept.bytes())
                .update();
        assertThat(objects.deleteUnreferenced(kept.sha256())).isFalse();
        assertThat(read(kept)).isEqualTo("needed");

        jdbc.sql("DELETE FROM model_files").update();
        assertThat(objects.deleteUnreferenced(kept.sha256())).isTrue();
        assertThatThrownBy(() -> read(kept)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aSweepRemovesWhatACrashLeft() throws IOException {
        StoredObject unreferenced = keep("row without a referrer");
        StoredObject stray = keep("file without a row");
        jdbc.sql("DELETE FROM objects WHERE sha256 = ?").param(stray.sha256()).update();
        Path halfWritten = Files.writeString(settings.directory().resolve("incoming/object123.tmp"), "half");

        objects.sweep();

        assertThat(halfWritten).doesNotExist();
        assertThat(files()).doesNotContain(stray.sha256(), unreferenced.sha256());
    }

    /** Whatever table refers to objects by foreign key must be in the view, or its objects would be thought unreferenced. */
    @Test
    void everyTableThatRefersToObjectsIsInTheView() {
        List<String> referring = jdbc.sql("""
                SELECT DISTINCT conrelid::regclass::text FROM pg_constraint
                WHERE confrelid = 'objects'::regclass AND contype = 'f'
                """).query(String.class).list();
        List<String> inView = jdbc.sql("""
                SELECT table_name FROM information_schema.view_table_usage WHERE view_name = 'object_references'
                """).query(String.class).list();
        assertThat(referring).isNotEmpty().isSubsetOf(inView);
    }

    private StoredObject keep(String text) throws IOException {
        try (StagedObject staged = objects.stage(content(text))) {
            return transactions.execute(status -> objects.keep(staged));
        }
    }

    private String read(StoredObject object) throws IOException {
        try (InputStream in = objects.open(object)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private List<String> files() throws IOException {
        return new ObjectDirectory(settings.directory()).names();
    }

    private List<Path> incoming() throws IOException {
        try (Stream<Path> files = Files.list(settings.directory().resolve("incoming"))) {
            return files.toList();
        }
    }
}
