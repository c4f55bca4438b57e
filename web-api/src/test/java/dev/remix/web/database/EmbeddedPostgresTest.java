package dev.remix.web.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    private static Path directory;

    /** Unpacked once, and each test finds the cluster of the one before it, as a restarted service does. */
    @BeforeAll
    static void initialise() throws IOException {
        start().close();
    }

    @Test
    void commitsAreOnDiskAndOnlyThisMachineMayConnect() throws Exception {
        try (EmbeddedPostgres server = start()) {
            assertThat(query(server, "SHOW fsync")).isEqualTo("on");
            assertThat(query(server, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(server, "SHOW server_version")).startsWith("18.");
        }
    }

    @Test
    void aConnectionNeedsThePassword() throws Exception {
        try (EmbeddedPostgres server = start()) {
            assertThatThrownBy(() -> DriverManager.getConnection(server.url(), server.user(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("authentication failed");
        }
    }

    /** A service that was killed left its server running: that is one which nobody closed. */
    @Test
    void theServerOfAKilledServiceIsReplacedAndItsDataKept() throws Exception {
        EmbeddedPostgres orphaned = start();
        String orphan = process();
        execute(orphaned, "CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)");

        try (EmbeddedPostgres server = start()) {
            assertThat(process()).isNotEqualTo(orphan);
            assertThat(query(server, "SELECT id FROM kept")).isEqualTo("7");
            assertThat(server.url()).isEqualTo(orphaned.url());
        }
    }

    @Test
    void aClosedServerIsGone() throws Exception {
        EmbeddedPostgres server = start();
        server.close();
        assertThat(pidFile()).doesNotExist();
        assertThatThrownBy(() -> connect(server))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("refused");
    }

    @Test
    void aRecordedProcessThatIsNowAnotherProgramIsLeftAlone() throws Exception {
        long ours = ProcessHandle.current().pid();
        Files.writeString(pidFile(), ours + "\n/elsewhere\n");
        try (EmbeddedPostgres server = start()) {
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    private static EmbeddedPostgres start() throws IOException {
        return EmbeddedPostgres.start(directory, new Random(7));
    }

    private static Path pidFile() {
        return directory.resolve("data/postmaster.pid");
    }

    private static String process() throws IOException {
        return Files.readAllLines(pidFile()).getFirst();
    }

    private static void execute(EmbeddedPostgres server, String... statements) throws SQLException, IOException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException, IOException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException, IOException {
        return DriverManager.getConnection(server.url(), server.user(), server.password());
    }
}
