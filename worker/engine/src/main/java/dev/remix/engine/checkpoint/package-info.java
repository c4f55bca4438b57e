/** Everything a run needs to go on as if it had never stopped, in one file. */
@NullMarked
package dev.remix.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
