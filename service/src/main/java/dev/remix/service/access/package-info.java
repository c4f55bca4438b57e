/** API keys: made once, kept as a hash, checked on every request. */
@NullMarked
package dev.remix.service.access;

import org.jspecify.annotations.NullMarked;
