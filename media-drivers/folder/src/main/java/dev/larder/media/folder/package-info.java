/**
 * A volume in a folder of any mounted file system, and the code that the drivers of mounted media
 * (NVMe, eMMC, SD) carry a copy of.
 */
@NullMarked
package dev.larder.media.folder;

import org.jspecify.annotations.NullMarked;
