package dev.remix.engine.adapter;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdapterSpecTest {
    private static final Set<Target> ALL = EnumSet.allOf(Target.class);

    @Test
    void refusesWhatMeansNothing() {
        Factors factors = new Factors(2, 2, Scaling.LORA, ALL);
        Pool four = new Pool(4, Routing.TOKEN, Routers.BLOCK, 1);
        assertThatThrownBy(() -> new AdapterSpec.Remix(factors, four, 5, new Reinforce(2)))
                .hasMessage("adapter: active is 5, not between 1 and loras 4.");
        assertThatThrownBy(() -> new AdapterSpec.MixLora(factors, four, 0, 0))
                .hasMessage("adapter: active is 0, not between 1 and loras 4.");
        assertThatThrownBy(() -> new Reinforce(1)).hasMessage("adapter: draws is 1; leave-one-out needs at least 2.");
        assertThatThrownBy(() -> new Factors(0, 2, Scaling.LORA, ALL))
                .hasMessage("adapter: rank is 0, not at least 1.");
        assertThatThrownBy(() -> new Factors(1, 2, Scaling.LORA, Set.of())).hasMessage("adapter: targets is empty.");
        assertThatThrownBy(() -> new Factors(1, 2, Scaling.LORA, ALL, 1))
                .hasMessage("adapter: dropout is 1.0, not within 0 and 1.");
    }
}
