package dev.remix.service.dataset;

import dev.remix.service.Problem;
import dev.remix.service.Refusal;
import dev.remix.service.model.BaseModel;
import dev.remix.service.model.Turn;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Validates a data set while somebody else reads it, so that it passes by once and is never whole in memory. */
final class Validation implements LineSplitter.Lines {
    private final DataSetSettings settings;
    private final LengthRule lengthRule;
    private final ExampleParser parser;
    private final LineSplitter splitter;
    private final Tally tally = new Tally();
    private long bytes;

    Validation(DataSetSettings settings, List<BaseModel> models) {
        this.settings = settings;
        this.lengthRule = new LengthRule(models);
        this.parser = new ExampleParser(settings.maxNestingDepth());
        this.splitter = new LineSplitter((int) settings.maxLineSize().toBytes(), this);
    }

    /** The same bytes, which are validated as they are read. */
    InputStream over(InputStream content) {
        return new FilterInputStream(content) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                if (count > 0) {
                    accept(buffer, offset, count);
                }
                return count;
            }

            // Skipped bytes would go unseen.
            @Override
            public long skip(long count) throws IOException {
                return readNBytes((int) Math.min(count, 1 << 16)).length;
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }

    private void accept(byte[] buffer, int offset, int count) {
        bytes += count;
        if (bytes > settings.maxFileSize().toBytes()) {
            throw Refusal.of(
                            Refusal.Kind.TOO_LARGE,
                            "file_too_large",
                            "A file may have at most " + settings.maxFileSize().toMegabytes() + " MB.")
                    .param("file");
        }
        splitter.accept(buffer, offset, count);
    }

    @Override
    public void line(long number, byte[] line, int length) {
        tally.line(number);
        switch (parser.parse(number, line, length)) {
            case ExampleParser.Line.Refused(Problem problem) -> tally.problem(problem);
            case ExampleParser.Line.Json(var value) -> {
                List<Turn> turns = ChatRules.check(number, value, tally::problem);
                if (!turns.isEmpty()) {
                    tally.example(turns);
                    lengthRule.check(number, turns).ifPresent(tally::problem);
                }
            }
        }
    }

    @Override
    public void tooLong(long number, long length) {
        tally.line(number);
        tally.problem(new Problem(
                number,
                "",
                "line_too_long",
                "The line has " + length + " bytes; at most "
                        + settings.maxLineSize().toBytes() + " are allowed."));
    }

    /** The statistics of a sound file, once it is read to its end; any other is refused with all that is wrong with it. */
    Statistics finish() {
        splitter.finish();
        if (tally.lines() == 0) {
            throw refusal(
                    "The file is empty.",
                    List.of(new Problem(1L, "", "empty_file", "The file is empty.")),
                    Map.of("empty_file", 1L));
        }
        if (tally.onlyBlankLines()) {
            throw refusal(
                    "The file is blank.",
                    List.of(new Problem(1L, "", "blank_file", "The file holds only blank lines.")),
                    Map.of("blank_file", 1L));
        }
        if (!tally.isSound()) {
            throw refusal(summary(), tally.problems(), tally.totals());
        }
        return tally.statistics();
    }

    private String summary() {
        Problem first = tally.problems().getFirst();
        long count = tally.totals().values().stream().mapToLong(Long::longValue).sum();
        return "The file has " + count + (count == 1 ? " problem" : " problems") + "; the first is on line "
                + first.line() + ": " + first.detail();
    }

    private static Refusal refusal(String detail, List<Problem> problems, Map<String, Long> totals) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("totals", totals);
        return Refusal.invalid("file", "invalid_file", detail)
                .problems(problems)
                .properties(properties);
    }
}
