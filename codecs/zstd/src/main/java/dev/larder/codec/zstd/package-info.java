/** Blocks as Zstandard. */
@NullMarked
package dev.larder.codec.zstd;

import org.jspecify.annotations.NullMarked;
