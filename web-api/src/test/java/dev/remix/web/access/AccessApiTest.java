package dev.remix.web.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.web.Api;
import dev.remix.web.WebTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.jdbc.core.simple.JdbcClient;

@WebTest
class AccessApiTest {
    @Autowired
    private Api api;

    @Autowired
    private AdminKey adminKey;

    @Autowired
    private JdbcClient jdbc;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/openapi.yaml",
                "/swagger-ui/index.html",
                "/actuator/health",
                "/actuator/health/readiness",
                "/actuator/prometheus"
            })
    void documentationAndMonitoringNeedNoKey(String path) {
        assertThat(api.send(api.anonymous(path)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/files", "/v1/models", "/actuator", "/actuator/env", "/actuator/heapdump", "/nothing"})
    void everythingElseDoes(String path) {
        assertThat(api.send(api.anonymous(path)).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/env", "/actuator/heapdump", "/actuator/shutdown"})
    void noKeyOpensTheInsides(String path) {
        assertThat(api.get(path).status()).isEqualTo(404);
    }

    @Test
    void theAdministratorsKeyIsForItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(adminKey.file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(adminKey.file())).matches("rmx_[A-Za-z0-9_-]{43}\n");
    }

    @Test
    void theDatabaseDoesNotHoldTheSecret() throws IOException {
        String secret = Files.readString(adminKey.file()).strip();
        assertThat(jdbc.sql("SELECT secret_hash FROM api_keys")
                        .query(String.class)
                        .single())
                .hasSize(64)
                .doesNotContain(secret);
    }

    @Test
    void aLaterStartKeepsTheKey() throws IOException {
        String before = Files.readString(adminKey.file());
        adminKey.run(new DefaultApplicationArguments());
        assertThat(Files.readString(adminKey.file())).isEqualTo(before);
        assertThat(api.get("/v1/files").status()).isEqualTo(200);
    }
}
