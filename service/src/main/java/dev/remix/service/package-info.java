/** What the features share: identifiers, the clock, and how a request is refused. */
@NullMarked
package dev.remix.service;

import org.jspecify.annotations.NullMarked;
