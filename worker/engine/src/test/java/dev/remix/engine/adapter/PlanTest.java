package dev.remix.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void omegaIsAlphaOverTheActiveRanksOrTheirRoot() {
        assertThat(remix(Scaling.LORA).omega()).isEqualTo(3.0 / (2 * 8));
        assertThat(remix(Scaling.RSLORA).omega()).isEqualTo(3 / Math.sqrt(2 * 8));
        assertThat(lora(Scaling.LORA).omega()).isEqualTo(3.0 / 8);
        assertThat(lora(Scaling.RSLORA).omega()).isEqualTo(3 / Math.sqrt(8));
    }

    @Test
    void carriesRoutingSizesOmegaTargetsAndWhoSelects() {
        assertThat(remix(Scaling.LORA).values(true)).containsExactly(1, 4, 2, 8, 3.0 / 16, 0, 1, 1, 1);
        assertThat(remix(Scaling.LORA).values(false)).endsWith(0);
        assertThat(lora(Scaling.LORA).values(true)).startsWith(0, 1, 1, 8);
    }

    private static Plan remix(Scaling scaling) {
        EnumSet<Target> targets = EnumSet.of(Target.UP_PROJ, Target.DOWN_PROJ);
        return Plan.of(new AdapterSpec.Remix(4, 2, 8, 2, 3, scaling, Routing.SEQUENCE, targets, 1));
    }

    private static Plan lora(Scaling scaling) {
        return Plan.of(new AdapterSpec.Lora(8, 3, scaling, EnumSet.allOf(Target.class)));
    }
}
