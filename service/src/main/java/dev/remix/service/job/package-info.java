/** Jobs: what was asked for, the states they go through, the attempts at them, and the events that tell it. */
@NullMarked
package dev.remix.service.job;

import org.jspecify.annotations.NullMarked;
