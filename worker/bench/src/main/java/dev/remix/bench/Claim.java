package dev.remix.bench;

import java.util.List;
import java.util.Locale;

/**
 * Something that has to hold, and what was measured of it.
 *
 * @param bound reached or exceeded where {@code atLeast}, or else not exceeded
 * @param measured by the clock; that is what counts
 * @param byCpuTime the same by CPU time, which tells the engine from a machine that others use too
 */
record Claim(String what, boolean atLeast, double bound, double measured, double byCpuTime) {
    static Claim atLeast(double bound, String what, double measured, double byCpuTime) {
        return new Claim(what, true, bound, measured, byCpuTime);
    }

    static Claim atMost(double bound, String what, double measured, double byCpuTime) {
        return new Claim(what, false, bound, measured, byCpuTime);
    }

    /** Never of a figure that is no number. */
    boolean holds() {
        return atLeast ? measured >= bound : measured <= bound;
    }

    static String table(List<Claim> claims) {
        return Table.lines(
                List.of("claim", "bound", "measured", "by CPU", "holds"),
                claims.stream().map(Claim::cells).toList());
    }

    private List<String> cells() {
        return List.of(
                what,
                (atLeast ? "at least " : "at most ") + number(bound),
                number(measured),
                number(byCpuTime),
                holds() ? "yes" : "NO");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
