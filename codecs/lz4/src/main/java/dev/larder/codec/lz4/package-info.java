/** Blocks as LZ4. */
@NullMarked
package dev.larder.codec.lz4;

import org.jspecify.annotations.NullMarked;
