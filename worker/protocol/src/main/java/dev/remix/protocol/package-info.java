/** Records that worker and service exchange, and the names of the meters; nothing else. */
@NullMarked
package dev.remix.protocol;

import org.jspecify.annotations.NullMarked;
