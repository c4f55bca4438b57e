package dev.remix.engine.forecast;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import dev.remix.engine.decoder.DecoderConfig;
import dev.remix.engine.weights.NumberFormat;
import java.util.List;
import java.util.Set;

/** A model to count by hand: V = 10, D = 8, I = 12, two layers, two heads of four. */
final class Small {
    static final DecoderConfig CONFIG = new DecoderConfig(10, 8, 12, 2, 2, 2, 4, 16, 1e-5, 10_000, true);

    static final Layout LAYOUT = new Layout(List.of(new Layout.Group(2, 3)), 4);

    static final AdapterSpec LORA = new AdapterSpec.Lora(onDown(2));

    private Small() {}

    private static Factors onDown(int rank) {
        return new Factors(rank, 2, Scaling.LORA, Set.of(Target.DOWN_PROJ));
    }

    /** Two of four of rank 1, so that K·R is the rank of {@link #LORA}. */
    static AdapterSpec remix(Reinforce reinforce) {
        return new AdapterSpec.Remix(onDown(1), new Pool(4, Routing.TOKEN, Routers.BLOCK, 1), 2, reinforce);
    }

    static Setting setting(AdapterSpec adapter, boolean recompute) {
        return new Setting(CONFIG, adapter, NumberFormat.F32, recompute, 0, false, 1);
    }
}
