/** Every error as problem+json with the member that OpenAI's clients read, inside controllers and out. */
@NullMarked
package dev.remix.web.problem;

import org.jspecify.annotations.NullMarked;
