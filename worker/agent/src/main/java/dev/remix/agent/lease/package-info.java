/** The lease on an attempt: heartbeats keep it, orders come back with them, and nothing is sent once it is lost. */
@NullMarked
package dev.remix.agent.lease;

import org.jspecify.annotations.NullMarked;
