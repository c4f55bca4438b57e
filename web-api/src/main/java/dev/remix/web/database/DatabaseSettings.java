package dev.remix.web.database;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param url {@code embedded}, or the JDBC URL of a PostgreSQL server
 * @param user of that server
 * @param password of that user
 */
@Validated
@ConfigurationProperties("remix.database")
record DatabaseSettings(
        @NotBlank @Pattern(regexp = "embedded|jdbc:postgresql:.*") @DefaultValue("embedded")
        String url,

        @DefaultValue("") String user,
        @DefaultValue("") String password) {
    boolean isEmbedded() {
        return url.equals("embedded");
    }
}
