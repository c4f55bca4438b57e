/** Objects by the SHA-256 of their content: data sets, checkpoints, adapters, logs. */
@NullMarked
package dev.remix.service.artifact;

import org.jspecify.annotations.NullMarked;
