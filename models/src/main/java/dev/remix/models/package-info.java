/** The program that makes the tiny base model from nothing, and what it measures of it. */
@NullMarked
package dev.remix.models;

import org.jspecify.annotations.NullMarked;
