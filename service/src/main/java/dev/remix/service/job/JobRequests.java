package dev.remix.service.job;

import static java.util.Objects.requireNonNullElse;

import dev.remix.protocol.JobSpec;
import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import dev.remix.service.dataset.DataSet;
import dev.remix.service.dataset.DataSets;
import dev.remix.service.dataset.Purpose;
import dev.remix.service.model.BaseModel;
import dev.remix.service.model.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks a request against the models and files there are, and fills in every default. */
@Component
class JobRequests {
    private final Models models;
    private final BaseModelFacts facts;
    private final InitialModels initialModels;
    private final DataSets dataSets;
    private final SecureRandom random;

    JobRequests(
            Models models, BaseModelFacts facts, InitialModels initialModels, DataSets dataSets, SecureRandom random) {
        this.models = models;
        this.facts = facts;
        this.initialModels = initialModels;
        this.dataSets = dataSets;
        this.random = random;
    }

    /**
     * Must run in the transaction that creates the job: files and models are held until it ends.
     *
     * @throws Refusal with a problem for each field that does not fit the others, the model or the files
     */
    NewJob resolve(JobRequest request) {
        List<Problem> problems = new ArrayList<>();
        Optional<BaseModel> model = models.findBase(request.model());
        if (model.isEmpty()) {
            problems.add(Problem.at(
                    "/model",
                    "model_not_found",
                    "There is no base model '%s'. There are %s."
                            .formatted(request.model(), String.join(", ", names()))));
        }
        Set<Purpose> training = Set.of(Purpose.FINE_TUNE);
        Optional<DataSet> trainingFile = file("/training_file", request.trainingFile(), training, problems);
        Optional<DataSet> validationFile = file("/validation_file", request.validationFile(), training, problems);
        Optional<DataSet> testFile = file("/test_file", request.testFile(), Set.of(Purpose.values()), problems);
        AdapterChoice adapter = new AdapterChoice(request.adapter());
        adapter.check(problems);
        Optional<JobSpec.InitialModel> initial = Optional.ofNullable(
                        request.training().initialModel())
                .flatMap(id -> initialModels.resolve(id, model, adapter.resolve(), problems));
        model.ifPresent(base -> checkLengths(request.training(), base, problems));
        checkRates(request, problems);
        checkStopping(request, problems);
        JobProblems.refuse(Refusal.Kind.UNPROCESSABLE, problems);
        return resolve(
                request,
                model.orElseThrow(),
                new Inputs(trainingFile.orElseThrow(), validationFile, testFile, initial));
    }

    private List<String> names() {
        return models.baseModels().stream().map(BaseModel::id).toList();
    }

    private Optional<DataSet> file(String pointer, @Nullable String id, Set<Purpose> purposes, List<Problem> problems) {
        if (id == null) {
            return Optional.empty();
        }
        Optional<DataSet> file = dataSets.findForUse(id);
        if (file.isEmpty()) {
            problems.add(Problem.at(pointer, "file_not_found", "There is no file '%s'.".formatted(id)));
        } else if (!purposes.contains(file.get().purpose())) {
            problems.add(Problem.at(
                    pointer,
                    "wrong_purpose",
                    "File '%s' has purpose '%s', so no job may train on it."
                            .formatted(id, file.get().purpose().text())));
        }
        return file;
    }

    private static void checkLengths(JobRequest.Training training, BaseModel model, List<Problem> problems) {
        Integer wanted = training.maxSequenceLength();
        if (wanted != null && wanted > model.contextLength()) {
            problems.add(Problem.at(
                    "/training/max_sequence_length",
                    "context_too_long",
                    "Model '%s' sees %d tokens at once, not %d.".formatted(model.id(), model.contextLength(), wanted)));
        }
    }

    /** At upload an example had to fit some model; now it has to fit this one, at this job's length. */
    private void checkExamples(BaseModel model, int maxTokens, Inputs inputs) {
        List<Problem> problems = new ArrayList<>();
        checkExamples("/training_file", inputs.training(), model, maxTokens).ifPresent(problems::add);
        inputs.validation()
                .flatMap(file -> checkExamples("/validation_file", file, model, maxTokens))
                .ifPresent(problems::add);
        inputs.test()
                .flatMap(file -> checkExamples("/test_file", file, model, maxTokens))
                .ifPresent(problems::add);
        JobProblems.refuse(Refusal.Kind.UNPROCESSABLE, problems);
    }

    private Optional<Problem> checkExamples(String pointer, DataSet file, BaseModel model, int maxTokens) {
        try {
            return dataSets.findTooLong(file, model, maxTokens)
                    .map(found -> Problem.at(
                            pointer,
                            found.code(),
                            "Line " + found.line() + " of " + file.id() + ": " + found.detail()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkRates(JobRequest request, List<Problem> problems) {
        if (request.training().learningRate() != null
                && request.hyperparameters().learningRateMultiplier() != null) {
            problems.add(Problem.at(
                    "/training/learning_rate",
                    "given_twice",
                    "Give the learning rate itself or a multiplier of the automatic one, not both."));
        }
    }

    private static void checkStopping(JobRequest request, List<Problem> problems) {
        if (request.validationFile() == null) {
            if (request.training().earlyStopping() != null) {
                problems.add(needsValidation("early_stopping"));
            }
            if (Boolean.TRUE.equals(request.training().keepBest())) {
                problems.add(needsValidation("keep_best"));
            }
        }
    }

    private static Problem needsValidation(String field) {
        return Problem.at(
                "/training/" + field,
                "needs_validation_file",
                "'%s' goes by the loss of a validation_file, and this job has none.".formatted(field));
    }

    /** What was found of that which the request names. */
    private record Inputs(
            DataSet training,
            Optional<DataSet> validation,
            Optional<DataSet> test,
            Optional<JobSpec.InitialModel> initial) {}

    private NewJob resolve(JobRequest request, BaseModel model, Inputs inputs) {
        long examples = inputs.training().statistics().examples();
        long parameters = facts.parameters(model);
        double automaticRate = Defaults.learningRate(parameters);
        JobSpec.Options options = options(request, model, parameters, examples);
        checkExamples(model, options.maxSequenceLength(), inputs);
        JobSpec spec = new JobSpec(
                new JobSpec.Model(model.id(), facts.revision(model)),
                pinned(inputs.training()),
                inputs.validation().map(JobRequests::pinned).orElse(null),
                inputs.test().map(JobRequests::pinned).orElse(null),
                requireNonNullElse(request.seed(), (long) random.nextInt(Integer.MAX_VALUE)),
                new AdapterChoice(request.adapter()).resolve(),
                options,
                inputs.initial().orElse(null));
        return new NewJob(
                spec,
                options.learningRate() / automaticRate,
                plannedSteps(options, examples),
                Defaults.memoryBytes(parameters, options.precision()),
                request.suffix(),
                request.metadata(),
                request.priority(),
                request.maxAttempts());
    }

    private static JobSpec.Options options(JobRequest request, BaseModel model, long parameters, long examples) {
        JobRequest.Training training = request.training();
        JobRequest.Hyperparameters asked = request.hyperparameters();
        int batchSize = requireNonNullElse(asked.batchSize(), Defaults.batchSize(examples));
        int epochs = requireNonNullElse(asked.epochs(), Defaults.epochs(examples, batchSize));
        int steps = limited(Defaults.steps(examples, batchSize, epochs), training.maxSteps());
        double multiplier = requireNonNullElse(asked.learningRateMultiplier(), 1.0);
        return new JobSpec.Options(
                epochs,
                training.maxSteps(),
                batchSize,
                requireNonNullElse(training.learningRate(), multiplier * Defaults.learningRate(parameters)),
                requireNonNullElse(training.schedule(), JobVocabulary.COSINE),
                requireNonNullElse(training.warmupRatio(), Defaults.WARMUP_RATIO),
                requireNonNullElse(training.weightDecay(), Defaults.WEIGHT_DECAY),
                requireNonNullElse(training.maxGradientNorm(), Defaults.MAX_GRADIENT_NORM),
                requireNonNullElse(training.maxSequenceLength(), Defaults.maxSequenceLength(model.contextLength())),
                requireNonNullElse(training.precision(), Defaults.precision(parameters)),
                requireNonNullElse(training.checkpointEverySteps(), Defaults.every(steps)),
                requireNonNullElse(training.evaluateEverySteps(), Defaults.every(steps)),
                requireNonNullElse(training.maxNewTokens(), Defaults.MAX_NEW_TOKENS),
                execution(training),
                stopping(training));
    }

    private static JobSpec.Execution execution(JobRequest.Training training) {
        return new JobSpec.Execution(
                training.microBatchTokens(),
                requireNonNullElse(training.recompute(), false),
                requireNonNullElse(training.replicas(), 1));
    }

    private static JobSpec.Stopping stopping(JobRequest.Training training) {
        JobRequest.EarlyStopping early = training.earlyStopping();
        return new JobSpec.Stopping(
                early == null ? 0 : early.patience(),
                early == null ? 0 : requireNonNullElse(early.minDelta(), 0.0),
                requireNonNullElse(training.keepBest(), false));
    }

    private static int plannedSteps(JobSpec.Options options, long examples) {
        return limited(Defaults.steps(examples, options.batchSize(), options.epochs()), options.maxSteps());
    }

    private static int limited(int steps, @Nullable Integer maxSteps) {
        return maxSteps == null ? steps : Math.min(steps, maxSteps);
    }

    private static JobSpec.DataSet pinned(DataSet file) {
        return new JobSpec.DataSet(
                file.id(), file.content().sha256(), file.content().bytes());
    }
}
