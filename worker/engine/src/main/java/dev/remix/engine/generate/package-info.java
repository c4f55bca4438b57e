/** Greedy answers with a cache of keys and values, and how many of them are right. */
@NullMarked
package dev.remix.engine.generate;

import org.jspecify.annotations.NullMarked;
