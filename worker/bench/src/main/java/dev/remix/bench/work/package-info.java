/** What all contestants are given: a model, data, a task, and what the task costs. */
@NullMarked
package dev.remix.bench.work;

import org.jspecify.annotations.NullMarked;
