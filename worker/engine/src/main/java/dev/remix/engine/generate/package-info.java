/** Answers of a model: greedy or sampled, in batches with a cache of keys and values, streamed, and held against what was expected. */
@NullMarked
package dev.remix.engine.generate;

import org.jspecify.annotations.NullMarked;
