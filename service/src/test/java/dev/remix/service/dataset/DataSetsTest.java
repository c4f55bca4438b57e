package dev.remix.service.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.fixture.ServiceTest;
import dev.remix.service.Page;
import dev.remix.service.Refusal;
import dev.remix.service.model.BaseModel;
import dev.remix.service.model.Models;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
@Import(DataSetsTest.Users.class)
class DataSetsTest {
    private static final String SOUND =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\",\"content\":\"%s\"}]}\n";

    @TestConfiguration(proxyBeanMethods = false)
    static class Users {
        private String needed = "";

        @Bean
        DataSetUse use() {
            return id -> id.equals(needed) ? Optional.of("ftjob-7") : Optional.empty();
        }
    }

    @Autowired
    private DataSets dataSets;

    @Autowired
    private Models models;

    @Autowired
    private Users users;

    @Autowired
    private JdbcClient jdbc;

    @Value("${remix.models-directory}")
    private Path modelsDirectory;

    @Value("${remix.artifacts.directory}")
    private Path objects;

    @AfterEach
    void deleteAll() {
        users.needed = "";
        dataSets.newestFirst(null, null, 100).items().forEach(dataSet -> dataSets.delete(dataSet.id()));
    }

    @Test
    void anUploadIsFoundAgainAsItWasSent() throws IOException {
        DataSet uploaded = upload(Purpose.FINE_TUNE, SOUND.formatted("4"));
        DataSet found = dataSets.get(uploaded.id());
        assertThat(found.filename()).isEqualTo("train.jsonl");
        assertThat(found.purpose()).isEqualTo(Purpose.FINE_TUNE);
        assertThat(found.statistics()).isEqualTo(new Statistics(1, 1, 0, 1, 1, 5, 5, 5));
        try (InputStream content = dataSets.open(found)) {
            assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo(SOUND.formatted("4"));
        }
        assertThat(dataSets.preview(found))
                .singleElement()
                .satisfies(
                        example -> assertThat(example.at("/messages/1/content").stringValue())
                                .isEqualTo("4"));
    }

    @Test
    void nothingOfARefusedUploadStays() throws IOException {
        assertThatThrownBy(() -> upload(Purpose.FINE_TUNE, SOUND.formatted("5") + "{}\n"))
                .isInstanceOf(Refusal.class);
        assertNothingIsStored();
    }

    @Test
    void nothingOfAnUploadUnderABadNameStays() throws IOException {
        assertThatThrownBy(() -> dataSets.upload(Purpose.EVALS, "a\0b", content(SOUND.formatted("4"))))
                .isInstanceOf(Refusal.class);
        assertNothingIsStored();
    }

    @Test
    void aDeletedDataSetsBytesGoWithItsLastOwner() throws IOException {
        DataSet first = upload(Purpose.FINE_TUNE, SOUND.formatted("4"));
        DataSet second = upload(Purpose.EVALS, SOUND.formatted("4"));
        assertThat(first.content()).isEqualTo(second.content());

        dataSets.delete(first.id());
        try (InputStream content = dataSets.open(second)) {
            assertThat(content.readAllBytes()).isNotEmpty();
        }
        dataSets.delete(second.id());
        assertNothingIsStored();
    }

    @Test
    void aDataSetThatIsNeededIsNotDeleted() throws IOException {
        DataSet dataSet = upload(Purpose.FINE_TUNE, SOUND.formatted("4"));
        users.needed = dataSet.id();
        assertThatThrownBy(() -> dataSets.delete(dataSet.id())).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.kind()).isEqualTo(Refusal.Kind.CONFLICT);
            assertThat(refusal.detail()).contains("ftjob-7");
        });
        assertThat(dataSets.find(dataSet.id())).isPresent();
    }

    /** 5 tokens around each of two contents, of which the first has 4 bytes. */
    @Test
    void theFirstExampleThatAModelCannotHoldIsFound() throws IOException {
        BaseModel model = installShippedModel();
        DataSet dataSet =
                upload(Purpose.FINE_TUNE, SOUND.formatted("4") + SOUND.formatted("44") + SOUND.formatted("444"));
        assertThat(dataSets.findTooLong(dataSet, model, 17)).isEmpty();
        assertThat(dataSets.findTooLong(dataSet, model, 15)).hasValueSatisfying(problem -> {
            assertThat(problem.line()).isEqualTo(2);
            assertThat(problem.code()).isEqualTo("example_too_long");
        });
    }

    private BaseModel installShippedModel() throws IOException {
        Path directory = Files.createDirectories(modelsDirectory.resolve("shipped"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Path.of("../models/remix-tiny").resolve(name), directory.resolve(name));
        }
        return models.findBase("shipped").orElseThrow();
    }

    @Test
    void listsAreCutByIdentifierInBothOrders() throws IOException {
        DataSet first = upload(Purpose.FINE_TUNE, SOUND.formatted("1"));
        DataSet second = upload(Purpose.EVALS, SOUND.formatted("2"));
        DataSet third = upload(Purpose.FINE_TUNE, SOUND.formatted("3"));

        assertThat(dataSets.newestFirst(null, null, 2)).satisfies(page -> {
            assertThat(ids(page)).containsExactly(third.id(), second.id());
            assertThat(page.hasMore()).isTrue();
        });
        assertThat(dataSets.newestFirst(null, second.id(), 2)).satisfies(page -> {
            assertThat(ids(page)).containsExactly(first.id());
            assertThat(page.hasMore()).isFalse();
        });
        assertThat(ids(dataSets.oldestFirst(Purpose.FINE_TUNE, null, 5))).containsExactly(first.id(), third.id());
        assertThat(ids(dataSets.oldestFirst(null, first.id(), 5))).containsExactly(second.id(), third.id());
    }

    private DataSet upload(Purpose purpose, String text) throws IOException {
        return dataSets.upload(purpose, "train.jsonl", content(text));
    }

    private static InputStream content(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static List<String> ids(Page<DataSet> page) {
        return page.map(DataSet::id).items();
    }

    private void assertNothingIsStored() throws IOException {
        try (Stream<Path> files = Files.walk(objects)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(jdbc.sql("SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM objects)")
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
