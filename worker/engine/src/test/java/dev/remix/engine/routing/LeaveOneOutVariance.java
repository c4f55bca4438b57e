package dev.remix.engine.routing;

import dev.remix.engine.routing.Toy.Outcome;
import java.util.List;

/**
 * The variance that theory gives a leave-one-out gradient, each component by itself, from every outcome of an example's draws.
 *
 * <p>The gradient is a U-statistic (Hoeffding, 1948) with the kernel {@code h(1, 2) = ½ Σ_u (a_u1 − a_u2)(b_u1 − b_u2)}: a the
 * centred losses that the u-th selection answers for, b the score of its probability. With {@code c = E Σ a_u b_u},
 * {@code e = E (Σ a_u b_u)²}, {@code V = Σ_uv E[a_u a_v] E[b_u b_v]} and {@code W = Σ_uv E[a_u b_v] E[b_u a_v]}
 *
 * <pre>Var = (M−2)/(M(M−1)) · (e − c²)  +  1/(M(M−1)) · (e − c² + V + W)</pre>
 */
final class LeaveOneOutVariance {
    private final List<Outcome> outcomes;
    private final double[][] answered;
    private final int selections;

    /** @param whole whether every selection answers for the whole example's loss, and not from its position on */
    LeaveOneOutVariance(List<Outcome> outcomes, boolean whole) {
        this.outcomes = outcomes;
        this.selections = outcomes.getFirst().scores().length;
        this.answered = new double[outcomes.size()][selections];
        for (int o = 0; o < answered.length; o++) {
            double[] losses = outcomes.get(o).losses();
            for (int u = 0; u < selections; u++) {
                for (int t = whole || selections == 1 ? 0 : u; t < losses.length; t++) {
                    answered[o][u] += losses[t];
                }
            }
        }
        centre();
    }

    private void centre() {
        double[] means = new double[selections];
        for (int o = 0; o < answered.length; o++) {
            for (int u = 0; u < selections; u++) {
                means[u] += outcomes.get(o).probability() * answered[o][u];
            }
        }
        for (double[] row : answered) {
            for (int u = 0; u < selections; u++) {
                row[u] -= means[u];
            }
        }
    }

    /** Trace of the covariance. */
    double of(int draws) {
        double pairs = draws * (draws - 1.0);
        double sum = 0;
        for (int i = 0; i < outcomes.getFirst().scores()[0].length; i++) {
            Moments moments = moments(i);
            sum += (draws - 2) / pairs * moments.first + (moments.first + moments.second) / pairs;
        }
        return sum;
    }

    /** {@code e − c²} and {@code V + W}. */
    private record Moments(double first, double second) {}

    private Moments moments(int component) {
        double c = 0;
        double e = 0;
        double[][] aa = new double[selections][selections];
        double[][] ab = new double[selections][selections];
        double[][] bb = new double[selections][selections];
        for (int o = 0; o < answered.length; o++) {
            double p = outcomes.get(o).probability();
            double product = 0;
            for (int u = 0; u < selections; u++) {
                double b = score(o, u, component);
                product += answered[o][u] * b;
                for (int v = 0; v < selections; v++) {
                    aa[u][v] += p * answered[o][u] * answered[o][v];
                    ab[u][v] += p * answered[o][u] * score(o, v, component);
                    bb[u][v] += p * b * score(o, v, component);
                }
            }
            c += p * product;
            e += p * product * product;
        }
        double second = 0;
        for (int u = 0; u < selections; u++) {
            for (int v = 0; v < selections; v++) {
                second += aa[u][v] * bb[u][v] + ab[u][v] * ab[v][u];
            }
        }
        return new Moments(e - c * c, second);
    }

    private double score(int outcome, int selection, int component) {
        return outcomes.get(outcome).scores()[selection][component];
    }
}
