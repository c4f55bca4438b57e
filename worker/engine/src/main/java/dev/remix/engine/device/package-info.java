/** Choice of engine and device, threads, and who owns native memory. */
@NullMarked
package dev.remix.engine.device;

import org.jspecify.annotations.NullMarked;
