package dev.remix.service.job;

import static java.util.Objects.requireNonNullElse;

import dev.remix.protocol.JobSpec;
import dev.remix.service.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which adapter a request comes to, and whether its parts fit each other. */
final class AdapterChoice {
    private AdapterChoice() {}

    static void check(JobRequest.Adapter adapter, List<Problem> problems) {
        if (isLora(adapter)) {
            checkLora(adapter, problems);
        } else {
            checkRemix(adapter, problems);
        }
    }

    private static boolean isLora(JobRequest.Adapter adapter) {
        return JobVocabulary.LORA.equals(adapter.type());
    }

    private static void checkRemix(JobRequest.Adapter adapter, List<Problem> problems) {
        int loras = requireNonNullElse(adapter.loras(), Defaults.LORAS);
        int active = requireNonNullElse(adapter.active(), Defaults.ACTIVE);
        if (active > loras) {
            problems.add(Problem.at(
                    "/adapter/active",
                    "out_of_range",
                    "Of %d LoRAs at most as many can be active, not %d.".formatted(loras, active)));
        }
        if (adapter.draws() != null && adapter.draws() < 2) {
            problems.add(Problem.at(
                    "/adapter/draws",
                    "out_of_range",
                    "The router's gradient compares draws of the same example, so it needs at least 2."));
        }
    }

    private static void checkLora(JobRequest.Adapter adapter, List<Problem> problems) {
        requireOne("/adapter/loras", adapter.loras(), problems);
        requireOne("/adapter/active", adapter.active(), problems);
        requireOne("/adapter/draws", adapter.draws(), problems);
        if (adapter.routing() != null && !adapter.routing().equals(JobVocabulary.SEQUENCE)) {
            problems.add(notApplicable("/adapter/routing"));
        }
        if (adapter.routerLearningRateMultiplier() != null && adapter.routerLearningRateMultiplier() != 0) {
            problems.add(notApplicable("/adapter/router_learning_rate_multiplier"));
        }
    }

    private static void requireOne(String pointer, @Nullable Integer value, List<Problem> problems) {
        if (value != null && value != 1) {
            problems.add(notApplicable(pointer));
        }
    }

    private static Problem notApplicable(String pointer) {
        return Problem.at(pointer, "not_applicable", "An adapter of type 'lora' is one LoRA without a router.");
    }

    static JobSpec.Adapter resolve(JobRequest.Adapter adapter) {
        boolean lora = isLora(adapter);
        return new JobSpec.Adapter(
                lora ? JobVocabulary.LORA : JobVocabulary.REMIX,
                lora ? 1 : requireNonNullElse(adapter.loras(), Defaults.LORAS),
                lora ? 1 : requireNonNullElse(adapter.active(), Defaults.ACTIVE),
                requireNonNullElse(adapter.rank(), Defaults.RANK),
                lora ? 1 : requireNonNullElse(adapter.draws(), Defaults.DRAWS),
                requireNonNullElse(adapter.alpha(), lora ? Defaults.LORA_ALPHA : Defaults.REMIX_ALPHA),
                requireNonNullElse(adapter.scaling(), lora ? JobVocabulary.LORA : JobVocabulary.RSLORA),
                requireNonNullElse(adapter.routing(), JobVocabulary.SEQUENCE),
                requireNonNullElse(adapter.targets(), JobVocabulary.TARGETS),
                lora
                        ? 0
                        : requireNonNullElse(
                                adapter.routerLearningRateMultiplier(), Defaults.ROUTER_LEARNING_RATE_MULTIPLIER));
    }
}
