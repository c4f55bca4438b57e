package dev.remix.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.adapter.Plan.Extra;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Set<Target> TARGETS = EnumSet.of(Target.V_PROJ, Target.UP_PROJ, Target.DOWN_PROJ);

    @Test
    void omegaIsAlphaOverTheActiveRanksOrTheirRoot() {
        assertThat(remix(Scaling.LORA, Routers.BLOCK).omega()).isEqualTo(3.0 / (2 * 8));
        assertThat(remix(Scaling.RSLORA, Routers.BLOCK).omega()).isEqualTo(3 / Math.sqrt(2 * 8));
        assertThat(lora(Scaling.LORA).omega()).isEqualTo(3.0 / 8);
        assertThat(lora(Scaling.RSLORA).omega()).isEqualTo(3 / Math.sqrt(8));
    }

    @Test
    void omegaOfWeightsThatSumToOneIsThatOfOneLora() {
        assertThat(Plan.of(new AdapterSpec.MixLora(factors(Scaling.LORA), pool(Routers.BLOCK), 2, 0))
                        .omega())
                .isEqualTo(3.0 / 8);
        assertThat(Plan.of(new AdapterSpec.SoftMix(factors(Scaling.RSLORA), pool(Routers.BLOCK)))
                        .omega())
                .isEqualTo(3 / Math.sqrt(8));
    }

    @Test
    void aBlocksRouterIsAskedAtTheBlocksFirstProjection() {
        assertThat(remix(Scaling.LORA, Routers.BLOCK).siteOfTarget()).containsExactly(0, -1, -1, -1, 1, -1, -1);
        assertThat(remix(Scaling.LORA, Routers.PROJECTION).siteOfTarget()).containsExactly(-1, -1, 0, -1, -1, 1, 2);
        assertThat(lora(Scaling.LORA).sites()).isZero();
    }

    @Test
    void carriesGateRoutingSizesOmegaAndPlaces() {
        double[] values = remix(Scaling.LORA, Routers.BLOCK).values(Extra.NOTHING, true, true, true);
        assertThat(values)
                .containsExactly(
                        1, 1, 4, 2, 8, 3.0 / 16, 1, 1, 0, 0, 0.5, 0, 6, 2, // in the order of mixture.py
                        -1, -1, 0, -1, -1, 2, 4, // places of A
                        0, -1, -1, -1, 1, -1, -1); // sites
        assertThat(remix(Scaling.LORA, Routers.BLOCK).values(Extra.NOTHING, false, false, false))
                .startsWith(1, 1, 4, 2, 8, 3.0 / 16, 0, 0, 0, 0, 0);
        assertThat(lora(Scaling.LORA).values(Extra.MAGNITUDE, true, false, false))
                .startsWith(0, 0, 1, 1, 8, 3.0 / 8, 1, 0, 0, 1, 0, 0, 9, 0, -1, -1, 0, -1, -1, 3, 6);
    }

    private static Plan remix(Scaling scaling, Routers routers) {
        return Plan.of(new AdapterSpec.Remix(factors(scaling), pool(routers), 2, new Reinforce(2)));
    }

    private static Plan lora(Scaling scaling) {
        return Plan.of(new AdapterSpec.Lora(factors(scaling)));
    }

    private static Factors factors(Scaling scaling) {
        return new Factors(8, 3, scaling, TARGETS, 0.5);
    }

    private static Pool pool(Routers routers) {
        return new Pool(4, Routing.SEQUENCE, routers, 1);
    }
}
