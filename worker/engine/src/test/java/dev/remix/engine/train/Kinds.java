package dev.remix.engine.train;

import dev.remix.engine.adapter.AdapterSpec;
import dev.remix.engine.adapter.AdapterSpec.AdapterGradient;
import dev.remix.engine.adapter.AdapterSpec.Factors;
import dev.remix.engine.adapter.AdapterSpec.Pool;
import dev.remix.engine.adapter.AdapterSpec.Reinforce;
import dev.remix.engine.adapter.AdapterSpec.Routers;
import dev.remix.engine.adapter.AdapterSpec.Routing;
import dev.remix.engine.adapter.AdapterSpec.Scaling;
import dev.remix.engine.adapter.AdapterSpec.Target;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** One adapter of every kind and option that changes what is computed. */
final class Kinds {
    private static final Set<Target> ALL = EnumSet.allOf(Target.class);
    private static final Set<Target> SOME = EnumSet.of(Target.V_PROJ, Target.O_PROJ, Target.DOWN_PROJ);

    private Kinds() {}

    /** With a name that a report of a failure shows. */
    record Kind(String name, AdapterSpec spec) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> all() {
        return Stream.of(plain(), learned(), drawn()).flatMap(List::stream);
    }

    static List<Kind> plain() {
        return List.of(
                new Kind("lora", new AdapterSpec.Lora(factors(Scaling.LORA, ALL))),
                new Kind("rslora on some", new AdapterSpec.Lora(factors(Scaling.RSLORA, SOME))),
                new Kind("lora with dropout", new AdapterSpec.Lora(new Factors(2, 3, Scaling.LORA, ALL, 0.3))),
                new Kind("dora", new AdapterSpec.Lora(factors(Scaling.LORA, ALL), true)),
                new Kind("full", new AdapterSpec.FullParameters()));
    }

    static List<Kind> learned() {
        return List.of(
                new Kind("mixlora", new AdapterSpec.MixLora(factors(Scaling.LORA, ALL), pool(Routing.TOKEN), 2, 0.3)),
                new Kind(
                        "mixlora by sequence",
                        new AdapterSpec.MixLora(factors(Scaling.LORA, SOME), pool(Routing.SEQUENCE), 2, 0)),
                new Kind("hydralora", new AdapterSpec.HydraLora(factors(Scaling.LORA, ALL), pool(Routing.TOKEN))),
                new Kind("softmix", new AdapterSpec.SoftMix(factors(Scaling.RSLORA, ALL), each(Routing.TOKEN))),
                new Kind(
                        "softmix by sequence",
                        new AdapterSpec.SoftMix(factors(Scaling.RSLORA, ALL), pool(Routing.SEQUENCE))));
    }

    static List<Kind> drawn() {
        return List.of(
                remix("remix by sequence", ALL, pool(Routing.SEQUENCE), new Reinforce(3)),
                remix("remix by token", ALL, pool(Routing.TOKEN), new Reinforce(3)),
                remix("remix, each its router", SOME, each(Routing.SEQUENCE), new Reinforce(2)),
                remix("remix by token, each its router", ALL, each(Routing.TOKEN), new Reinforce(2)),
                remix("remix on the feed-forward", TinyModel.FEED_FORWARD, pool(Routing.SEQUENCE), new Reinforce(4)),
                remix(
                        "remix with options",
                        ALL,
                        pool(Routing.TOKEN),
                        new Reinforce(3, AdapterGradient.MEAN, false, 0.2, 0.1)),
                remix(
                        "remix with normalised advantages",
                        SOME,
                        pool(Routing.SEQUENCE),
                        new Reinforce(4, AdapterGradient.MEAN, true, 0, 0)));
    }

    static Kind remix(String name, Set<Target> targets, Pool pool, Reinforce reinforce) {
        return new Kind(name, new AdapterSpec.Remix(factors(Scaling.RSLORA, targets), pool, 2, reinforce));
    }

    private static Factors factors(Scaling scaling, Set<Target> targets) {
        return new Factors(2, 3, scaling, targets);
    }

    static Pool pool(Routing routing) {
        return new Pool(4, routing, Routers.BLOCK, 1);
    }

    private static Pool each(Routing routing) {
        return new Pool(4, routing, Routers.PROJECTION, 1);
    }
}
