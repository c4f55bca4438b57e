/** Who starts workers: child processes of the service, or nobody, where workers come by themselves. */
@NullMarked
package dev.remix.service.launch;

import org.jspecify.annotations.NullMarked;
