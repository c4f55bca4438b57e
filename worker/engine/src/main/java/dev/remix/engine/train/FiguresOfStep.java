package dev.remix.engine.train;

import dev.remix.engine.routing.SiteFigures;
import dev.remix.engine.routing.Subsets;
import dev.remix.engine.train.StepReport.Draws;
import dev.remix.engine.train.StepReport.SiteBalance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a step, put together.
 *
 * @param total weight of the whole step's targets
 */
record FiguresOfStep(List<PartFigures> parts, double total) {

    /** Mean over draws and targets, nats. */
    double loss() {
        return parts.stream().mapToDouble(PartFigures::loss).sum() / total;
    }

    /** Spread of an example's draws, mean over the examples by their weight; null where there is one draw only. */
    @Nullable
    Draws draws() {
        if (parts.getFirst().draws() < 2) {
            return null;
        }
        double mean = 0;
        double deviation = 0;
        double advantage = 0;
        for (PartFigures part : parts) {
            for (int b = 0; b < part.weights().length; b++) {
                Spread spread = Spread.of(part, b);
                double share = part.weights()[b] / total;
                mean += share * spread.mean;
                deviation += share * spread.deviation;
                advantage += share * spread.advantage;
            }
        }
        return new Draws(mean, deviation, advantage);
    }

    /** Of one example's losses: mean, standard deviation, and root mean square of the leave-one-out advantages. */
    private record Spread(double mean, double deviation, double advantage) {
        static Spread of(PartFigures part, int example) {
            int draws = part.draws();
            int examples = part.weights().length;
            double sum = 0;
            for (int m = 0; m < draws; m++) {
                sum += part.losses()[m * examples + example] / part.weights()[example];
            }
            double mean = sum / draws;
            double squares = 0;
            for (int m = 0; m < draws; m++) {
                double off = part.losses()[m * examples + example] / part.weights()[example] - mean;
                squares += off * off;
            }
            double advantage = Math.sqrt(squares / draws) * draws / (draws - 1);
            return new Spread(mean, Math.sqrt(squares / (draws - 1)), advantage);
        }
    }

    List<SiteBalance> sites(List<String> names) {
        List<SiteBalance> sites = new ArrayList<>();
        for (int site = 0; site < names.size(); site++) {
            sites.add(site(names.get(site), site));
        }
        return sites;
    }

    private SiteBalance site(String name, int site) {
        Subsets subsets = parts.stream()
                .map(part -> part.subsets().get(site))
                .reduce(Subsets::and)
                .orElseThrow();
        return new SiteBalance(
                name,
                all(site)
                        .mapToDouble(SiteFigures::appliedEffectiveLorasMin)
                        .min()
                        .orElseThrow(),
                all(site)
                        .mapToDouble(SiteFigures::appliedEffectiveLorasMax)
                        .max()
                        .orElseThrow(),
                mean(site, SiteFigures::policyEffectiveLoras),
                mean(site, SiteFigures::policyEntropy),
                subsets.load(),
                subsets.distinct(),
                subsets.perplexity(),
                mean(site, SiteFigures::topKMass));
    }

    private Stream<SiteFigures> all(int site) {
        return parts.stream().map(part -> part.sites().get(site));
    }

    private double mean(int site, ToDoubleFunction<SiteFigures> figure) {
        double sum = 0;
        double inputs = 0;
        for (PartFigures part : parts) {
            sum += part.inputs() * figure.applyAsDouble(part.sites().get(site));
            inputs += part.inputs();
        }
        return sum / inputs;
    }
}
