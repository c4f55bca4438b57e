/** Script archives, their loader, and typed calls into them. */
@NullMarked
package dev.remix.engine.script;

import org.jspecify.annotations.NullMarked;
