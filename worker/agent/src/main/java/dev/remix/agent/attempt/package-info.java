/** One attempt from its grant to its outcome. */
@NullMarked
package dev.remix.agent.attempt;

import org.jspecify.annotations.NullMarked;
