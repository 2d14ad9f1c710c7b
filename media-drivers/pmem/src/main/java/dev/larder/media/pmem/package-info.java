/** Persistent memory. */
@NullMarked
package dev.larder.media.pmem;

import org.jspecify.annotations.NullMarked;
