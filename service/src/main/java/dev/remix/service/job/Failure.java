package dev.remix.service.job;

import dev.remix.protocol.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * Why a job or an attempt failed.
 *
 * @param detail one sentence for the person who sent the job
 * @param hint the change to make, or null
 */
public record Failure(
        FailureKind kind, String detail, @Nullable String hint) {}
