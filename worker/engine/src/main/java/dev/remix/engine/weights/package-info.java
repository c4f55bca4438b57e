/** Safetensors files, read and written, and the number formats they hold. */
@NullMarked
package dev.remix.engine.weights;

import org.jspecify.annotations.NullMarked;
