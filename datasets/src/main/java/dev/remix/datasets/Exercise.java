package dev.remix.datasets;

/** A question in plain language and its one right answer. */
public record Exercise(String skill, String prompt, String answer) {}
