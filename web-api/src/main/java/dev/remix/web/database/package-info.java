/** The data directory, and the PostgreSQL server in it that runs when no other is named. */
@NullMarked
package dev.remix.web.database;

import org.jspecify.annotations.NullMarked;
