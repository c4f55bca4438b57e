package dev.remix.service.model;

/** One message of a conversation, as far as a model reads it. */
public record Turn(String role, String content) {}
