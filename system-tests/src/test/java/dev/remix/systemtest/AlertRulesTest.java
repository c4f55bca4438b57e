package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Prometheus's own tool says of the shipped configuration and alert rules. */
@Tag("prometheus")
class AlertRulesTest {
    private static final Path SHIPPED = Installation.home().resolve("ops/prometheus");
    private final Tool promtool = Tool.of("promtool", "apt-get install prometheus");

    @Test
    void configurationIsValid() throws Exception {
        assertThat(promtool.run("check", "config", SHIPPED.resolve("prometheus.yml")))
                .contains("1 rule files found");
    }

    @Test
    void rulesAreValidAndFireWhenTheyShould() throws Exception {
        assertThat(promtool.run("check", "rules", "--lint=all", "--lint-fatal", SHIPPED.resolve("rules/remix.yml")))
                .contains("SUCCESS");
        assertThat(promtool.run("test", "rules", SHIPPED.resolve("tests/remix_test.yml")))
                .contains("SUCCESS");
    }
}
