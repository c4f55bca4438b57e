package dev.remix.service.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.fixture.TestDatabase;
import dev.remix.protocol.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The states are said three times: by the enum, by the schema, and by the graph in the documentation. */
@Tag("database")
class JobStateTest {
    private static final Pattern QUOTED = Pattern.compile("'([a-z_]+)'::text");
    private static final Pattern ARROW =
            Pattern.compile("^\\s+([a-z\\[*\\]]+) --> ([a-z\\[*\\]]+)(?: : .*)?$", Pattern.MULTILINE);
    private static final String OUTSIDE = "[*]";

    @Test
    void areTheOnesTheSchemaAllows() throws SQLException {
        assertThat(allowedBy("jobs_state")).isEqualTo(states(Arrays.asList(JobState.values())));
    }

    @Test
    void haveTheFinalOnesTheSchemaKnows() throws SQLException {
        List<JobState> finals =
                Arrays.stream(JobState.values()).filter(JobState::isFinal).toList();
        assertThat(allowedBy("jobs_final_has_finished_at")).isEqualTo(states(finals));
    }

    @Test
    void areConnectedAsTheGraphDraws() throws IOException {
        Set<String> arrows = new TreeSet<>();
        for (JobState state : JobState.values()) {
            state.next().forEach(next -> arrows.add(state.text() + " --> " + next.text()));
            if (state.isFinal()) {
                arrows.add(state.text() + " --> " + OUTSIDE);
            }
        }
        arrows.add(OUTSIDE + " --> " + JobState.VALIDATING.text());
        assertThat(drawn()).isEqualTo(arrows);
    }

    private static Set<String> drawn() throws IOException {
        String page = Files.readString(Path.of("../docs/jobs.md"));
        String graph =
                page.substring(page.indexOf("stateDiagram-v2"), page.indexOf("```", page.indexOf("stateDiagram-v2")));
        Set<String> arrows = new TreeSet<>();
        Matcher arrow = ARROW.matcher(graph);
        while (arrow.find()) {
            arrows.add(arrow.group(1) + " --> " + arrow.group(2));
        }
        return arrows;
    }

    @Test
    void failForTheReasonsTheSchemaKnows() throws SQLException {
        Set<String> kinds = Arrays.stream(FailureKind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(allowedBy("jobs_failure_kind_check")).isEqualTo(kinds);
    }

    private static Set<String> states(List<JobState> states) {
        return states.stream().map(JobState::text).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The texts in a CHECK constraint. */
    private static Set<String> allowedBy(String constraint) throws SQLException {
        try (Connection connection = TestDatabase.fresh().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = '" + constraint + "'")) {
            assertThat(row.next()).as("constraint %s", constraint).isTrue();
            Set<String> texts = new TreeSet<>();
            Matcher quoted = QUOTED.matcher(row.getString(1));
            while (quoted.find()) {
                texts.add(quoted.group(1));
            }
            return texts;
        }
    }
}
