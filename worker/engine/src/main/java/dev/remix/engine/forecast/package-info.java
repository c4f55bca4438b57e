/** What a run will take before it begins: parameters, memory by part, operations and time. */
@NullMarked
package dev.remix.engine.forecast;

import org.jspecify.annotations.NullMarked;
