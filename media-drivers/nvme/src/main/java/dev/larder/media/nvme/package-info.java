/** NVMe drives. */
@NullMarked
package dev.larder.media.nvme;

import org.jspecify.annotations.NullMarked;
