/** Base models found in a directory, and the finetuned models that jobs publish. */
@NullMarked
package dev.remix.service.model;

import org.jspecify.annotations.NullMarked;
