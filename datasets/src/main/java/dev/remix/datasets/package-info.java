/** Seeded generators of the skills that the tiny base model learns and of those that are held out for finetuning. */
@NullMarked
package dev.remix.datasets;

import org.jspecify.annotations.NullMarked;
