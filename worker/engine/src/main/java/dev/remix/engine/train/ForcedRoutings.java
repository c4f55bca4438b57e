package dev.remix.engine.train;

import dev.remix.engine.routing.Subset;
import dev.remix.engine.routing.Subsets;
import dev.remix.engine.text.Batch;
import dev.remix.engine.train.RunOutcome.ForcedRouting;
import java.util.ArrayList;
import java.util.List;

/**
 * What the policy is worth: the loss with its own choice, with the one subset that each site chose most often, and with
 * random subsets. An untrained router shows many subsets too; only this gap tells whether they mean anything.
 */
final class ForcedRoutings {
    private final RemixTrainee trainee;
    private final LossEvaluation examples;

    ForcedRoutings(RemixTrainee trainee, LossEvaluation examples) {
        this.trainee = trainee;
        this.examples = examples;
    }

    ForcedRouting losses() {
        List<Subsets> chosen = new ArrayList<>();
        double policy = examples.mean(batch -> {
            RemixTrainee.Evaluated evaluated = trainee.byPolicy(batch);
            gather(evaluated.subsets(), chosen);
            return evaluated.losses();
        });
        List<Subset> modal = chosen.stream().map(Subsets::modal).toList();
        double fixed = examples.mean(batch -> trainee.forced(batch, modal).losses());
        return new ForcedRouting(policy, fixed, examples.mean(new Uniform()::losses));
    }

    private static void gather(List<Subsets> ofBatch, List<Subsets> all) {
        for (int site = 0; site < ofBatch.size(); site++) {
            if (all.size() <= site) {
                all.add(ofBatch.get(site));
            } else {
                all.set(site, all.get(site).and(ofBatch.get(site)));
            }
        }
    }

    /** Noise of steps that training never reaches, a new one for each batch. */
    private final class Uniform {
        private long step = -1;

        double[] losses(Batch batch) {
            return trainee.uniform(batch, step--).losses();
        }
    }
}
