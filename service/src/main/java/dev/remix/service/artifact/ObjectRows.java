package dev.remix.service.artifact;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code objects}. A row's lock orders everything that happens to the file of the same name. */
@Repository
class ObjectRows {
    private final JdbcClient jdbc;

    ObjectRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Makes sure of the row and holds its lock until the transaction ends. */
    void hold(StoredObject object, Instant now) {
        jdbc.sql("""
                INSERT INTO objects (sha256, bytes, stored_at) VALUES (:sha256, :bytes, :now)
                ON CONFLICT (sha256) DO UPDATE SET stored_at = excluded.stored_at
                """)
                .param("sha256", object.sha256())
                .param("bytes", object.bytes())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Deletes the row if nothing refers to the object; false if something does, or there is no row. */
    boolean deleteUnreferenced(String sha256) {
        return jdbc.sql("""
                DELETE FROM objects WHERE sha256 = :sha256
                AND NOT EXISTS (SELECT FROM object_references r WHERE r.sha256 = objects.sha256)
                """).param("sha256", sha256).update() == 1;
    }

    List<String> unreferenced() {
        return jdbc.sql("""
                SELECT sha256 FROM objects
                WHERE NOT EXISTS (SELECT FROM object_references r WHERE r.sha256 = objects.sha256)
                """).query(String.class).list();
    }

    Set<String> all() {
        return jdbc.sql("SELECT sha256 FROM objects").query(String.class).set();
    }
}
