/** Models over HTTP. */
@NullMarked
package dev.remix.web.model;

import org.jspecify.annotations.NullMarked;
