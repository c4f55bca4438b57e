package dev.remix.bench.contest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class ChildTest {
    private final ObjectNode question = Wire.JSON.createObjectNode().put("steps", 2);

    @TempDir
    private Path directory;

    @Test
    void everyQuestionGetsItsAnswer() {
        try (Child child = start("echo '{}'; while read -r line; do echo \"$line\"; done")) {
            assertThat(child.ask(question)).isEqualTo(question);
            assertThat(child.ask(question.put("steps", 3)).get("steps").intValue())
                    .isEqualTo(3);
        }
    }

    @Test
    void threadsThatWaitDoNotSpin() {
        try (Child child = start("echo '{}'; read -r line; echo \"{\\\"policy\\\": \\\"$OMP_WAIT_POLICY\\\"}\"")) {
            assertThat(child.ask(question).get("policy").stringValue()).isEqualTo("passive");
        }
    }

    @Test
    void oneThatDoesNotGetReadyTellsWhy() {
        assertThatThrownBy(() -> start("echo 'no module named torch' >&2"))
                .isInstanceOf(ContestException.class)
                .hasMessageContaining("somebody ended before its time")
                .hasMessageContaining("no module named torch");
    }

    @Test
    void oneThatDiesInATurnTellsWhy() {
        try (Child child = start("echo '{}'; read -r line; echo 'out of memory' >&2")) {
            assertThatThrownBy(() -> child.ask(question))
                    .isInstanceOf(ContestException.class)
                    .hasMessageContaining("out of memory");
        }
    }

    @Test
    void whatIsNoJsonIsShown() {
        assertThatThrownBy(() -> start("echo Warning: hello"))
                .isInstanceOf(ContestException.class)
                .hasMessageContaining("\"Warning: hello\", which is not JSON");
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Child.start("somebody", List.of("/no/such/python"), directory.resolve("log")))
                .isInstanceOf(ContestException.class)
                .hasMessageContaining("/no/such/python can't be started");
    }

    private Child start(String script) {
        return Child.start("somebody", List.of("sh", "-c", script), directory.resolve("log"));
    }
}
