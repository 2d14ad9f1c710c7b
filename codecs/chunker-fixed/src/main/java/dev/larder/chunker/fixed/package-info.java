/** Blocks of one size. */
@NullMarked
package dev.larder.chunker.fixed;

import org.jspecify.annotations.NullMarked;
