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
    private final Replica replica;
    private final LossEvaluation examples;

    ForcedRoutings(Replica replica, LossEvaluation examples) {
        this.replica = replica;
        this.examples = examples;
    }

    ForcedRouting losses() {
        List<Subsets> chosen = new ArrayList<>();
        double policy = examples.mean(batch -> {
            PartFigures evaluated = replica.evaluate(batch);
            gather(evaluated.subsets(), chosen);
            return evaluated.loss();
        });
        float[] modal = preference(chosen.stream().map(Subsets::modal).toList());
        double fixed = examples.mean(batch -> replica.forced(batch, modal).loss());
        return new ForcedRouting(policy, fixed, examples.mean(new Uniform()::loss));
    }

    /** 1 for each LoRA of the site's subset: [sites·N] */
    private float[] preference(List<Subset> subsetOfSite) {
        int loras = replica.adapter().loras();
        float[] preference = new float[subsetOfSite.size() * loras];
        for (int site = 0; site < subsetOfSite.size(); site++) {
            int from = site * loras;
            subsetOfSite.get(site).loras().forEach(lora -> preference[from + lora] = 1);
        }
        return preference;
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

        double loss(Batch batch) {
            return replica.uniform(batch, step--).loss();
        }
    }
}
