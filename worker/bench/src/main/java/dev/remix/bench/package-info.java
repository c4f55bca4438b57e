/** The command behind {@code ./remix bench}: what is run, its table, and the claims that it is held against. */
@NullMarked
package dev.remix.bench;

import org.jspecify.annotations.NullMarked;
