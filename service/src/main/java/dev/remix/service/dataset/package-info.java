/** Data sets: chat examples in JSON lines, validated while they are uploaded, immutable afterwards. */
@NullMarked
package dev.remix.service.dataset;

import org.jspecify.annotations.NullMarked;
