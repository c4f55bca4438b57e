/** JMH benches of what a step is made of. */
@NullMarked
package dev.remix.bench.pieces;

import org.jspecify.annotations.NullMarked;
