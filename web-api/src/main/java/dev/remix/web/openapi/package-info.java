/** The OpenAPI document and its page. */
@NullMarked
package dev.remix.web.openapi;

import org.jspecify.annotations.NullMarked;
