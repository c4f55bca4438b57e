package dev.remix.engine.train;

import dev.remix.engine.train.RunSpec.Stopping;
import dev.remix.engine.train.StepReport.Draws;
import dev.remix.engine.train.StepReport.SiteBalance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the arithmetic of one step gave; the parameters are changed by then, unless the step diverged. */
record StepFigures(
        double loss,
        double gradientNorm,
        @Nullable Double routerGradientNorm,
        @Nullable Draws draws,
        List<SiteBalance> sites) {

    /** Whether a figure is not finite, or the loss higher than the run bears. */
    boolean diverged(Stopping stopping) {
        Double highest = stopping.highestLoss();
        return !finite() || (highest != null && loss > highest);
    }

    boolean finite() {
        return Double.isFinite(loss)
                && Double.isFinite(gradientNorm)
                && (routerGradientNorm == null || Double.isFinite(routerGradientNorm));
    }
}
