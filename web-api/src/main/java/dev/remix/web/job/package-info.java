/** {@code /v1/fine_tuning}: jobs, their events, curves, routing balance, checkpoints and logs. */
@NullMarked
package dev.remix.web.job;

import org.jspecify.annotations.NullMarked;
