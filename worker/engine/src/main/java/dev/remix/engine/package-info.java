/** ReMix training as a library on DJL; knows no HTTP, no Spring. */
@NullMarked
package dev.remix.engine;

import org.jspecify.annotations.NullMarked;
