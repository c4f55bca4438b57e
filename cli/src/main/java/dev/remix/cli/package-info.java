/** The command-line client behind {@code ./remix}: it speaks only HTTP to the service. */
@NullMarked
package dev.remix.cli;

import org.jspecify.annotations.NullMarked;
