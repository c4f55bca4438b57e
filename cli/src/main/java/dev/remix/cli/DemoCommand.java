package dev.remix.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The quick start: a service of its own, the sample data, one real ReMix job, and a report of what it came to. It goes
 * through the public API alone, so that what it shows is what a user's own program can do.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Train a ReMix job on the shipped model and data set, and show what it changed.")
final class DemoCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Option(
            names = "--json",
            description = "Print one JSON object as the last line; everything else goes to standard error.")
    private boolean json;

    @Option(
            names = "--data-dir",
            paramLabel = "D",
            description = "Where the service keeps its state; kept afterwards. Default: a new directory under ./data.")
    private @Nullable Path dataDirectory;

    @Option(names = "--keep", description = "Keep the service's database and objects of the default directory, too.")
    private boolean keep;

    @Option(
            names = "--compare",
            description = "Train also `lora` at equal activated parameters and ReMix with an untrained router.")
    private boolean compare;

    @Option(names = "--seed", description = "Seed of the job. Default: the one in datasets/skills/demo-job.json.")
    private @Nullable Long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream people = json ? System.err : System.out;
        Path home = home();
        Path data = dataDirectory != null
                ? dataDirectory.toAbsolutePath()
                : home.resolve("data")
                        .resolve("demo-"
                                + LocalDateTime.now(ZoneId.systemDefault()).format(STAMP));
        DemoReport report = new DemoReport(people);
        report.starting(data);
        DemoResult result;
        try (ServiceProcess service = ServiceProcess.start(home, data);
                ApiClient api = new ApiClient(service.url(), service.adminKey())) {
            report.ready(service.url());
            result = run(home, data, api, report);
        } catch (IOException broken) {
            throw new IOException(
                    "the service stopped answering (%s); its log is %s".formatted(broken, data.resolve("service.log")),
                    broken);
        }
        if (dataDirectory == null && !keep) {
            removeState(data);
        }
        report.closing(result, data, dataDirectory != null || keep);
        if (json) {
            System.out.println(JSON.writeValueAsString(result.toJson()));
        }
        return result.held() ? 0 : 1;
    }

    private DemoResult run(Path home, Path data, ApiClient api, DemoReport report)
            throws IOException, InterruptedException {
        Path skills = home.resolve("datasets").resolve("skills");
        ObjectNode request = (ObjectNode) JSON.readTree(Files.readString(skills.resolve("demo-job.json")));
        if (seed != null) {
            request.put("seed", seed);
        }
        request.put("training_file", upload(api, skills, "train.jsonl", "fine-tune", report));
        request.put("validation_file", upload(api, skills, "validation.jsonl", "fine-tune", report));
        // Uploaded as `evals`, which the service refuses to train on: held out is held out.
        request.put("test_file", upload(api, skills, "test.jsonl", "evals", report));

        JsonNode job = train(api, "ReMix", request, report);
        DemoResult result = DemoResult.of(job, AdapterFiles.download(api, job, data.resolve("adapter")));
        report.result(result, job);
        if (compare) {
            report.comparison(
                    job,
                    train(api, "LoRA", asLora(request), report),
                    train(api, "untrained router", asUntrained(request), report));
        }
        return result;
    }

    private static String upload(ApiClient api, Path directory, String name, String purpose, DemoReport report)
            throws IOException, InterruptedException {
        JsonNode file = api.upload(directory.resolve(name), purpose);
        report.uploaded(name, file);
        return file.path("id").asString();
    }

    private JsonNode train(ApiClient api, String label, JsonNode request, DemoReport report)
            throws IOException, InterruptedException {
        JsonNode created = api.createJob(request);
        report.created(label, created);
        return new JobWatch(api, report.progress())
                .untilFinished(created.path("id").asString());
    }

    /** One LoRA whose rank is the number of ranks that the mixture applies to an input, K·R. */
    private static ObjectNode asLora(ObjectNode request) {
        ObjectNode lora = request.deepCopy();
        JsonNode remix = request.path("adapter");
        ObjectNode adapter = lora.putObject("adapter");
        adapter.put("type", "lora");
        adapter.put("rank", remix.path("active").asInt() * remix.path("rank").asInt());
        for (String shared : List.of("alpha", "scaling", "targets")) {
            if (remix.has(shared)) {
                adapter.set(shared, remix.path(shared));
            }
        }
        return lora;
    }

    private static ObjectNode asUntrained(ObjectNode request) {
        ObjectNode untrained = request.deepCopy();
        ((ObjectNode) untrained.path("adapter")).put("router_learning_rate_multiplier", 0);
        return untrained;
    }

    private static Path home() {
        String home = System.getenv("REMIX_HOME");
        if (home == null) {
            throw new IllegalStateException("REMIX_HOME is not set; start this through ./remix");
        }
        return Path.of(home);
    }

    /** Leaves the adapter and the service's log; the database and the objects of a throw-away run go. */
    private static void removeState(Path data) throws IOException {
        List<Path> state = new ArrayList<>();
        try (Stream<Path> entries = Files.list(data)) {
            entries.filter(entry -> !entry.endsWith("adapter") && !entry.endsWith("service.log"))
                    .forEach(state::add);
        }
        for (Path entry : state) {
            try (Stream<Path> tree = Files.walk(entry)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
