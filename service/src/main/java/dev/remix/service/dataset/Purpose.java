package dev.remix.service.dataset;

import dev.remix.service.Refusal;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a data set may be used for, under the names of the API. */
public enum Purpose {
    /** To train, validate or test. */
    FINE_TUNE("fine-tune"),
    /** To test only, so that a held-out set is never trained on by mistake. */
    EVALS("evals");

    private final String text;

    Purpose(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public static Purpose of(String text) {
        return Arrays.stream(values())
                .filter(purpose -> purpose.text.equals(text))
                .findFirst()
                .orElseThrow(() -> Refusal.invalid(
                        "purpose", "invalid_purpose", "The purpose must be one of " + all() + ", not '" + text + "'."));
    }

    private static String all() {
        return Arrays.stream(values()).map(Purpose::text).collect(Collectors.joining(", "));
    }

    @Converter(autoApply = true)
    static class Column implements AttributeConverter<Purpose, String> {
        @Override
        public String convertToDatabaseColumn(Purpose purpose) {
            return purpose.text;
        }

        @Override
        public Purpose convertToEntityAttribute(String text) {
            return of(text);
        }
    }
}
