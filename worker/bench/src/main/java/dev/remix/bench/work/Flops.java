package dev.remix.bench.work;

import java.util.List;

/**
 * Floating-point operations that a step can't do without; a multiplication and its addition are two.
 *
 * <p>Letters: A and F parameters of a layer's attention projections and feed-forward, L layers, V·D the head, n positions that
 * predict (the tokens of an example but the last), s of them with a loss, W·H width of all heads, I inner width, r_A and r_B the rows of A and
 * columns of B of a projection that count: K·R of a mixture with K active LoRAs, R and N·R of one with a shared A.
 *
 * <pre>
 *   forward   2n·L(A + F)  +  2n(n+1)·W·H·L  +  2s·V·D  +  2n·N_a        N_a = L·(r_A(2D + I) + r_B(2I + D))
 *   backward  2n·L(A + F)  +  4n(n+1)·W·H·L  +  2s·V·D  +  4n·N_a        no gradient of a frozen weight
 *   prefix    2n·A + 2n(n+1)·W·H                                         attention before the first LoRA
 *   step      prefix + M(forward − prefix) + G(backward − its own prefix)
 * </pre>
 *
 * The prefix is computed once for all M draws and nothing flows back through it; G is M, or 1 where the adapters learn from a
 * single draw. So a token costs about 4·N_b + 6·N_a + attention for a LoRA. Training every weight has no adapter and no
 * prefix, and another 2n·L(A + F) + 2s·V·D on the way back. Padding is no work. Not counted: the router,
 * norms (DoRA's too), softmax, rotations, the optimizer, and ranks of a pool that are computed and then masked.
 */
public final class Flops {
    private final Shape shape;
    private final Task task;

    public Flops(Shape shape, Task task) {
        this.shape = shape;
        this.task = task;
    }

    public double of(List<Workload.Item> examples) {
        return examples.stream()
                .mapToDouble(item -> of(item.length() - 1, item.learnt()))
                .sum();
    }

    private double of(double positions, double learnt) {
        double projections = 2 * positions * (shape.attentionParameters() + shape.feedForwardParameters());
        double scores = 2 * positions * (positions + 1) * shape.headWidth() * shape.heads();
        double head = 2 * learnt * shape.headParameters();
        double adapters = 2 * positions * adapterParameters();
        double forward = shape.layers() * (projections + scores) + head + adapters;
        double backward = shape.layers() * (projections + 2 * scores) + head + 2 * adapters;
        if (task.kind() == Task.Kind.FULL) {
            return forward + backward + shape.layers() * projections + head;
        }
        double prefix = 2 * positions * shape.attentionParameters() + scores;
        return prefix + task.draws() * (forward - prefix) + task.backwards() * (backward - prefix - scores);
    }

    private double adapterParameters() {
        Task.Ranks ranks = task.ranks();
        double in = (double) ranks.in() * (2 * shape.hidden() + shape.inner());
        double out = (double) ranks.out() * (2 * shape.inner() + shape.hidden());
        return shape.layers() * (in + out);
    }
}
