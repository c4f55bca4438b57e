/** Who may call: bearer keys, and the administrator's key that the first start makes. */
@NullMarked
package dev.remix.web.access;

import org.jspecify.annotations.NullMarked;
