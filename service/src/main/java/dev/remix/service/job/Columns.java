package dev.remix.service.job;

import dev.remix.protocol.FailureKind;
import dev.remix.protocol.JobSpec;
import dev.remix.protocol.Wire;
import jakarta.persistence.AttributeConverter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** How a job's values are written in its columns: enum names in lower case, documents as JSON. */
final class Columns {
    private Columns() {}

    static final class State implements AttributeConverter<JobState, String> {
        @Override
        public String convertToDatabaseColumn(JobState state) {
            return state.text();
        }

        @Override
        public JobState convertToEntityAttribute(String text) {
            return JobState.of(text);
        }
    }

    static final class Request implements AttributeConverter<Job.Request, String> {
        @Override
        public @Nullable String convertToDatabaseColumn(Job.@Nullable Request request) {
            return request == null ? null : request.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Job.@Nullable Request convertToEntityAttribute(@Nullable String text) {
            return text == null ? null : Job.Request.valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    static final class Kind implements AttributeConverter<FailureKind, String> {
        @Override
        public @Nullable String convertToDatabaseColumn(@Nullable FailureKind kind) {
            return kind == null ? null : kind.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public @Nullable FailureKind convertToEntityAttribute(@Nullable String text) {
            return text == null ? null : FailureKind.valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    static final class Spec implements AttributeConverter<JobSpec, String> {
        @Override
        public String convertToDatabaseColumn(JobSpec spec) {
            return Wire.json().writeValueAsString(spec);
        }

        @Override
        public JobSpec convertToEntityAttribute(String json) {
            return Wire.json().readValue(json, JobSpec.class);
        }
    }

    static final class Result implements AttributeConverter<JobResult, String> {
        @Override
        public @Nullable String convertToDatabaseColumn(@Nullable JobResult result) {
            return result == null ? null : Wire.json().writeValueAsString(result);
        }

        @Override
        public @Nullable JobResult convertToEntityAttribute(@Nullable String json) {
            return json == null ? null : Wire.json().readValue(json, JobResult.class);
        }
    }

    static final class Metadata implements AttributeConverter<Map<String, String>, String> {
        private static final TypeReference<TreeMap<String, String>> TYPE = new TypeReference<>() {};

        @Override
        public String convertToDatabaseColumn(Map<String, String> metadata) {
            return Wire.json().writeValueAsString(metadata);
        }

        @Override
        public Map<String, String> convertToEntityAttribute(String json) {
            return Wire.json().readValue(json, TYPE);
        }
    }
}
