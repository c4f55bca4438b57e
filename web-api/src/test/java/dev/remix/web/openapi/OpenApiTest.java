package dev.remix.web.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.web.Api;
import dev.remix.web.WebTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * The checked-in document is the promise, the running one the truth. After a wanted change write it anew:
 *
 * <pre>./mvnw -pl web-api -am test -Dtest=OpenApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dremix.openapi.update=true</pre>
 */
@WebTest
class OpenApiTest {
    private static final Path CHECKED_IN = Path.of("openapi.yaml");

    @Autowired
    private Api api;

    @Test
    void theRunningServiceSaysWhatIsCheckedIn() throws IOException {
        String running = api.send(api.anonymous("/openapi.yaml")).text();
        if (Boolean.getBoolean("remix.openapi.update")) {
            Files.writeString(CHECKED_IN, running);
        }
        assertThat(running)
                .as("web-api/openapi.yaml is out of date; the comment on this test has the command that writes it")
                .isEqualTo(Files.readString(CHECKED_IN));
    }

    @Test
    void everyOperationHasANameASummaryAndItsErrors() {
        JsonNode document = api.send(api.anonymous("/openapi")).json();
        assertThat(document.path("openapi").stringValue()).startsWith("3.1");
        assertThat(document.path("paths").size()).isGreaterThan(5);
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                assertComplete(operation.getKey() + " " + path.getKey(), operation.getValue());
            }
        }
    }

    private static void assertComplete(String name, JsonNode operation) {
        assertThat(operation.path("operationId").asString(""))
                .as(name)
                .isNotBlank()
                .doesNotContain("_");
        assertThat(operation.path("summary").asString(""))
                .as(name + ": summary")
                .isNotBlank();
        assertThat(operation.path("tags").size()).as(name + ": tag").isEqualTo(1);
        assertThat(operation.path("responses").propertyNames())
                .as(name + ": responses")
                .contains("401", "406", "500");
        if (name.contains("{")) {
            assertThat(operation.path("responses").propertyNames()).as(name).contains("404");
        }
        if (operation.has("requestBody")) {
            assertThat(operation.path("responses").propertyNames()).as(name).contains("400", "413", "415");
        }
    }
}
