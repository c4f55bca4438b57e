/** The worker process: claims a job, runs its attempt, exits with a code that says how it went. */
@NullMarked
package dev.remix.agent;

import org.jspecify.annotations.NullMarked;
