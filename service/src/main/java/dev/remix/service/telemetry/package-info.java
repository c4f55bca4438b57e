/** What workers report while they train: records, routing balance, logs; and the meters made of them. */
@NullMarked
package dev.remix.service.telemetry;

import org.jspecify.annotations.NullMarked;
