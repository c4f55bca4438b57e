/** Routing noise, the subsets that a router selected, and the balance figures made of them. */
@NullMarked
package dev.remix.engine.routing;

import org.jspecify.annotations.NullMarked;
