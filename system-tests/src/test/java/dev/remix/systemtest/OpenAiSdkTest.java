package dev.remix.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The official SDK, unchanged, with every answer checked against its own model of the API. */
@Timeout(600)
@ExtendWith(SharedService.class)
class OpenAiSdkTest {
    private final OpenAIClient client;

    OpenAiSdkTest(RunningService service) {
        client = OpenAIOkHttpClient.builder()
                .baseUrl(service.url() + "/v1")
                .apiKey(service.key())
                .responseValidation(true)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void uploadsCreatesFollowsAndRetrieves() {
        var file = client.files()
                .create(FileCreateParams.builder()
                        .file(Installation.dataSet("train.jsonl"))
                        .purpose(FilePurpose.FINE_TUNE)
                        .build());
        assertThat(client.files().retrieve(file.id()).bytes()).isEqualTo(file.bytes());

        var created = client.fineTuning().jobs().create(job(file.id()));
        assertThat(created.trainingFile()).isEqualTo(file.id());
        assertThat(created.seed()).isEqualTo(7);

        var finished = Await.value(
                "the job ends",
                Duration.ofMinutes(4),
                () -> client.fineTuning().jobs().retrieve(created.id()),
                job -> job.finishedAt().isPresent());
        assertThat(finished.status()).isEqualTo(FineTuningJob.Status.SUCCEEDED);
        assertThat(finished.trainedTokens()).isPresent();
        assertThat(events(created.id()))
                .anySatisfy(message -> assertThat(message).containsIgnoringCase("succe"));

        var model = finished.fineTunedModel().orElseThrow();
        assertThat(model).startsWith("ft:remix-tiny:").contains("sdk");
        assertThat(client.models().retrieve(model).id()).isEqualTo(model);
        assertThat(client.models().list().autoPager())
                .anySatisfy(listed -> assertThat(listed.id()).isEqualTo(model));
        assertThat(client.fineTuning().jobs().list().autoPager())
                .anySatisfy(listed -> assertThat(listed.id()).isEqualTo(created.id()));
    }

    @Test
    void readsWhyAFileIsRefused(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("bad.jsonl"), "{\"messages\": [");
        var params = FileCreateParams.builder()
                .file(file)
                .purpose(FilePurpose.FINE_TUNE)
                .build();

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.files().create(params))
                .satisfies(refusal -> assertThat(refusal.code()).contains("invalid_file"));
    }

    private static JobCreateParams job(String file) {
        var hyperparameters =
                SupervisedHyperparameters.builder().batchSize(4).nEpochs(1).build();
        return JobCreateParams.builder()
                .model("remix-tiny")
                .trainingFile(file)
                .suffix("sdk")
                .seed(7)
                .method(JobCreateParams.Method.builder()
                        .type(JobCreateParams.Method.Type.SUPERVISED)
                        .supervised(SupervisedMethod.builder()
                                .hyperparameters(hyperparameters)
                                .build())
                        .build())
                .putAdditionalBodyProperty("training", JsonValue.from(Map.of("max_steps", 20)))
                .build();
    }

    private List<String> events(String job) {
        return client.fineTuning().jobs().listEvents(job).autoPager().stream()
                .map(FineTuningJobEvent::message)
                .toList();
    }
}
