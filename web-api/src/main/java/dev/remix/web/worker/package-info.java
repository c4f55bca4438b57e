/** {@code /worker/v1}: what workers claim, report and upload, under their own tokens. */
@NullMarked
package dev.remix.web.worker;

import org.jspecify.annotations.NullMarked;
