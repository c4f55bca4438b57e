package dev.remix.web.database;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The database that the rest is wired to; an embedded server starts before the first connection and stops after the last. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    @Bean
    DataDirectory dataDirectory(@Value("${remix.data-directory}") Path path) throws IOException {
        return DataDirectory.open(path);
    }

    @Bean
    @ConditionalOnProperty(name = "remix.database.url", havingValue = "embedded", matchIfMissing = true)
    EmbeddedPostgres embeddedPostgres(DataDirectory directory, SecureRandom random) throws IOException {
        return EmbeddedPostgres.start(directory.path().resolve("postgres"), random);
    }

    @Bean
    @ConditionalOnProperty(name = "remix.database.url", havingValue = "embedded", matchIfMissing = true)
    JdbcConnectionDetails embeddedDatabase(EmbeddedPostgres server) throws IOException {
        return new Connection(server.url(), server.user(), server.password());
    }

    @Bean
    @ConditionalOnMissingBean(JdbcConnectionDetails.class)
    JdbcConnectionDetails externalDatabase(DatabaseSettings settings) {
        return new Connection(settings.url(), settings.user(), settings.password());
    }

    private record Connection(String url, String user, String password) implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return user;
        }

        @Override
        public String getPassword() {
            return password;
        }
    }
}
