/** The loop, schedule, optimizer state, evaluation and reports of one run. */
@NullMarked
package dev.remix.engine.train;

import org.jspecify.annotations.NullMarked;
