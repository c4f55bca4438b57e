package dev.remix.systemtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The PromQL of a Grafana dashboard: of its panels, and of the queries that fill its template variables. */
record Dashboard(Set<String> expressions) {
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), *(\\w+)\\)");

    static Dashboard read(Path file) throws IOException {
        JsonNode root = JsonMapper.shared().readTree(Files.readString(file));
        Set<String> expressions = new LinkedHashSet<>();
        for (JsonNode panel : root.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.path("expr").asString());
            }
        }
        for (JsonNode variable : root.path("templating").path("list")) {
            if (variable.path("type").asString().equals("query")) {
                expressions.add(valuesQuery(variable.path("definition").asString()));
            }
        }
        return new Dashboard(expressions);
    }

    /** The expressions as Grafana sends them, each variable replaced by what a person has chosen. */
    Set<String> with(Map<String, String> variables) {
        Set<String> substituted = new LinkedHashSet<>();
        for (String expression : expressions) {
            String text = expression;
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                text = text.replace("$" + variable.getKey(), variable.getValue());
            }
            substituted.add(text);
        }
        return substituted;
    }

    /** {@code label_values(series, label)} is Grafana's; as PromQL it is the series that have the label. */
    private static String valuesQuery(String definition) {
        Matcher matcher = LABEL_VALUES.matcher(definition);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a variable's query is label_values(series, label), not " + definition);
        }
        return "count by (" + matcher.group(2) + ") (" + matcher.group(1) + ")";
    }
}
