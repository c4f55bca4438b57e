/** The way of an attempt: claimed under a lease, kept alive by heartbeats, ended by its outcome or by the reaper. */
@NullMarked
package dev.remix.service.queue;

import org.jspecify.annotations.NullMarked;
