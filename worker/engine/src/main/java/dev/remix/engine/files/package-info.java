/** Files that somebody else made: what may be read of them, and in what bounds. */
@NullMarked
package dev.remix.engine.files;

import org.jspecify.annotations.NullMarked;
