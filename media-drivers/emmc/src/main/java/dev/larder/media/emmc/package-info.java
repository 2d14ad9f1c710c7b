/** Soldered eMMC. */
@NullMarked
package dev.larder.media.emmc;

import org.jspecify.annotations.NullMarked;
