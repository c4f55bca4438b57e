/** Readers of foreign files under any input whatever: they end, or refuse in one sentence. */
@NullMarked
package dev.remix.engine.fuzz;

import org.jspecify.annotations.NullMarked;
