package dev.remix.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows for people: a Markdown table whose columns line up. */
final class Table {
    private static final List<String> HEADER = List.of(
            "kind",
            "size",
            "precision",
            "M",
            "routing",
            "gradient",
            "tokens/s",
            "spread",
            "ms a step",
            "CPU ms",
            "memory",
            "GFLOP/s",
            "of peak",
            "by CPU",
            "peer",
            "its tokens/s",
            "its memory",
            "ratio",
            "by CPU");

    private Table() {}

    static String of(List<Row> rows) {
        return lines(HEADER, rows.stream().map(Table::cells).toList()) + peaks(rows);
    }

    /** What the shares are of. */
    private static String peaks(List<Row> rows) {
        return rows.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "Matrix peak in %s beside size %s: %.0f GFLOP/s; rounds: %d.%n",
                        row.precision(),
                        row.size(),
                        row.peakFlopsPerSecond() / 1e9,
                        row.rounds()))
                .distinct()
                .collect(Collectors.joining());
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.kind(),
                row.size(),
                row.precision(),
                row.draws() == 1 ? "" : "" + row.draws(),
                row.draws() == 1 ? "" : row.routing(),
                row.draws() == 1 ? "" : row.gradient(),
                number("%.0f", row.tokensPerSecond()),
                number("%.0f %%", 100 * row.spread()),
                number("%.0f", row.msPerStep()),
                number("%.0f", row.cpuMsPerStep()),
                megabytes(row.peakMemoryBytes()),
                number("%.0f", row.flopsPerSecond() / 1e9),
                number("%.0f %%", 100 * row.flopsFractionOfPeak()),
                number("%.0f %%", 100 * row.cpuFractionOfPeak()),
                row.peer() == null ? "" : row.peer(),
                number("%.0f", row.peerTokensPerSecond()),
                megabytes(row.peerPeakMemoryBytes()),
                number("%.2f", row.ratioToPeer()),
                number("%.2f", row.cpuRatioToPeer()));
    }

    private static String megabytes(@Nullable Long bytes) {
        return bytes == null ? "" : number("%.0f MB", bytes / 1e6);
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, format, value);
    }

    /** Any table; each row has as many cells as the header. */
    static String lines(List<String> header, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(rows);
        all.addFirst(header);
        int[] widths = new int[header.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        append(text, header, widths);
        for (int width : widths) {
            text.append('|').append("-".repeat(width + 2));
        }
        text.append("|\n");
        rows.forEach(row -> append(text, row, widths));
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> row, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            text.append("| ").append(cell).append(" ".repeat(widths[i] - cell.length() + 1));
        }
        text.append("|\n");
    }
}
