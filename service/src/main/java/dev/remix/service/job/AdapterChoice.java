package dev.remix.service.job;

import static java.util.Objects.requireNonNullElse;

import dev.remix.protocol.JobSpec;
import dev.remix.service.Problem;
import dev.remix.service.job.AdapterKind.Trait;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which adapter a request comes to, and whether its parts fit each other. */
final class AdapterChoice {
    private static final double NOTHING = 0;
    private static final int ONE = 1;

    private final JobRequest.Adapter asked;
    private final AdapterKind kind;

    AdapterChoice(JobRequest.Adapter asked) {
        this.asked = asked;
        this.kind = AdapterKind.of(requireNonNullElse(asked.type(), JobVocabulary.REMIX));
    }

    /** Adds a problem for each field that this kind has no use for, and for what does not fit another field. */
    void check(List<Problem> problems) {
        checkUse(problems);
        checkScaling(problems);
        if (kind.has(Trait.SELECTIVE) && active() > loras()) {
            problems.add(Problem.at(
                    "/adapter/active",
                    "out_of_range",
                    "Of %d LoRAs at most as many can be active, not %d.".formatted(loras(), active())));
        }
        if (kind.has(Trait.DRAWN) && draws() < 2) {
            problems.add(Problem.at(
                    "/adapter/draws",
                    "out_of_range",
                    "The router's gradient compares draws of the same example, so it needs at least 2."));
        }
    }

    /** The value that changes nothing may be sent: it is what the answer shows. */
    private void checkUse(List<Problem> problems) {
        checkUse(Trait.ROUTED, "loras", asked.loras(), ONE, problems);
        checkUse(Trait.ROUTED, "routing", asked.routing(), JobVocabulary.SEQUENCE, problems);
        checkUse(Trait.ROUTED, "routers", asked.routers(), JobVocabulary.BLOCK, problems);
        Double multiplier = asked.routerLearningRateMultiplier();
        checkUse(Trait.ROUTED, "router_learning_rate_multiplier", multiplier, NOTHING, problems);
        checkUse(Trait.SELECTIVE, "active", asked.active(), loras(), problems);
        checkUse(Trait.DRAWN, "draws", asked.draws(), ONE, problems);
        checkUse(Trait.DRAWN, "adapter_gradient", asked.adapterGradient(), JobVocabulary.MEAN, problems);
        checkUse(Trait.DRAWN, "normalise_advantages", asked.normaliseAdvantages(), false, problems);
        checkUse(Trait.DRAWN, "entropy_bonus", asked.entropyBonus(), NOTHING, problems);
        checkUse(Trait.DRAWN, "uniform_divergence", asked.uniformDivergence(), NOTHING, problems);
        checkUse(Trait.BALANCED, "balance", asked.balance(), NOTHING, problems);
    }

    private <T> void checkUse(Trait trait, String field, @Nullable T sent, T neutral, List<Problem> problems) {
        if (!kind.has(trait) && sent != null && !sent.equals(neutral)) {
            problems.add(notApplicable(
                    field,
                    "An adapter of type '%s' has no use for '%s', which is for %s."
                            .formatted(kind.word(), field, AdapterKind.wordsWith(trait))));
        }
    }

    private void checkScaling(List<Problem> problems) {
        if (kind == AdapterKind.RSLORA && scaling().equals(JobVocabulary.LORA)) {
            problems.add(
                    notApplicable(
                            "scaling",
                            "An adapter of type 'rslora' is scaled by alpha/sqrt(rank); with alpha/rank it is of type 'lora'."));
        }
    }

    private static Problem notApplicable(String field, String detail) {
        return Problem.at("/adapter/" + field, "not_applicable", detail);
    }

    JobSpec.Adapter resolve() {
        return new JobSpec.Adapter(
                kind.word(),
                loras(),
                active(),
                requireNonNullElse(asked.rank(), Defaults.RANK),
                draws(),
                requireNonNullElse(asked.alpha(), kind.defaultAlpha()),
                scaling(),
                requireNonNullElse(asked.routing(), JobVocabulary.SEQUENCE),
                targets(),
                resolved(
                        Trait.ROUTED,
                        asked.routerLearningRateMultiplier(),
                        Defaults.ROUTER_LEARNING_RATE_MULTIPLIER,
                        NOTHING),
                requireNonNullElse(asked.routers(), JobVocabulary.BLOCK),
                requireNonNullElse(asked.dropout(), NOTHING),
                requireNonNullElse(asked.adapterGradient(), JobVocabulary.MEAN),
                requireNonNullElse(asked.normaliseAdvantages(), false),
                requireNonNullElse(asked.entropyBonus(), NOTHING),
                requireNonNullElse(asked.uniformDivergence(), NOTHING),
                resolved(Trait.BALANCED, asked.balance(), Defaults.BALANCE, NOTHING));
    }

    /** In one order, so that equal choices are equal. */
    private List<String> targets() {
        List<String> chosen = requireNonNullElse(asked.targets(), JobVocabulary.FEED_FORWARD);
        return JobVocabulary.TARGETS.stream().filter(chosen::contains).toList();
    }

    private int loras() {
        return resolved(Trait.ROUTED, asked.loras(), Defaults.LORAS, ONE);
    }

    private int active() {
        return resolved(Trait.SELECTIVE, asked.active(), Defaults.ACTIVE, loras());
    }

    private int draws() {
        return resolved(Trait.DRAWN, asked.draws(), Defaults.DRAWS, ONE);
    }

    private String scaling() {
        return requireNonNullElse(asked.scaling(), kind.defaultScaling());
    }

    private <T> T resolved(Trait trait, @Nullable T sent, T otherwise, T neutral) {
        return kind.has(trait) ? requireNonNullElse(sent, otherwise) : neutral;
    }
}
