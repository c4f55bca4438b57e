/** What an attempt tells while it runs: step records, log lines, checkpoints; none of it ever holds up the training while the service is away. */
@NullMarked
package dev.remix.agent.report;

import org.jspecify.annotations.NullMarked;
