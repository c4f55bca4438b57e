/** The engine as a contestant, and the machine's own bound. */
@NullMarked
package dev.remix.bench.engine;

import org.jspecify.annotations.NullMarked;
