package dev.remix.web.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.remix.service.job.JobResult.SiteBalance;
import dev.remix.service.job.Jobs;
import dev.remix.service.telemetry.LoadBalance;
import dev.remix.service.telemetry.RoutingBalance;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Routing balance of each site. */
@Tag(name = "Fine-tuning")
@RestController
class JobRoutingController {
    private final Jobs jobs;
    private final RoutingBalance balance;

    JobRoutingController(Jobs jobs, RoutingBalance balance) {
        this.jobs = jobs;
        this.balance = balance;
    }

    /** {@code step} is the one shown; null when nothing was recorded, or there is no router. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Routing(String object, String jobId, @Nullable Integer step, List<Site> sites) {}

    record Site(@JsonUnwrapped SiteBalance balance, double maxLoadRatio, double loadVariation, int deadLoras) {
        static Site of(SiteBalance balance) {
            LoadBalance load = LoadBalance.of(balance.load());
            return new Site(balance, load.maxRatio(), load.variation(), load.dead());
        }
    }

    @Operation(
            operationId = "retrieveFineTuningRouting",
            summary = "Routing balance per site of a step, of the last one unless another is asked for")
    @GetMapping("/v1/fine_tuning/jobs/{id}/routing")
    Routing routing(@PathVariable String id, @RequestParam @Nullable @Min(1) Integer step) {
        jobs.get(id);
        Integer shown =
                balance.lastStep(id, step == null ? Integer.MAX_VALUE : step).orElse(null);
        List<Site> sites = shown == null
                ? List.of()
                : balance.at(id, shown).stream().map(Site::of).toList();
        return new Routing("fine_tuning.job.routing", id, shown, sites);
    }
}
