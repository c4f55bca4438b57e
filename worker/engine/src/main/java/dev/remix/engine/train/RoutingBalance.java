package dev.remix.engine.train;

import dev.remix.engine.routing.SiteFigures;
import dev.remix.engine.routing.Subsets;
import dev.remix.engine.train.StepReport.SiteBalance;
import java.util.List;
import java.util.stream.IntStream;

/** A step's routing balance, put together from what the scripts reduced and what was counted of the subsets. */
final class RoutingBalance {
    private RoutingBalance() {}

    /** The three lists run over the sites in the same order. */
    static List<SiteBalance> of(List<String> sites, List<SiteFigures> figures, List<Subsets> subsets) {
        if (figures.size() != sites.size() || subsets.size() != sites.size()) {
            throw new IllegalArgumentException("%d sites, %d of them with figures, %d with subsets"
                    .formatted(sites.size(), figures.size(), subsets.size()));
        }
        return IntStream.range(0, sites.size())
                .mapToObj(l -> of(sites.get(l), figures.get(l), subsets.get(l)))
                .toList();
    }

    private static SiteBalance of(String site, SiteFigures figures, Subsets subsets) {
        return new SiteBalance(
                site,
                figures.appliedEffectiveLorasMin(),
                figures.appliedEffectiveLorasMax(),
                figures.policyEffectiveLoras(),
                figures.policyEntropy(),
                subsets.load(),
                subsets.distinct(),
                subsets.perplexity(),
                figures.topKMass());
    }
}
