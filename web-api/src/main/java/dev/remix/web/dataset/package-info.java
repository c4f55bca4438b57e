/** Files over HTTP. */
@NullMarked
package dev.remix.web.dataset;

import org.jspecify.annotations.NullMarked;
