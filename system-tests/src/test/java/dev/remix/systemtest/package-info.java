/** Whole-system tests: real service, real PostgreSQL, real worker processes, real clients. */
@NullMarked
package dev.remix.systemtest;

import org.jspecify.annotations.NullMarked;
