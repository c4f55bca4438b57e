/** Processes that take turns at the same work, and the figures of their turns. */
@NullMarked
package dev.remix.bench.contest;

import org.jspecify.annotations.NullMarked;
