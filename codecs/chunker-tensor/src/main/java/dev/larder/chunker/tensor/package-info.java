/** Blocks that begin where tensors begin. */
@NullMarked
package dev.larder.chunker.tensor;

import org.jspecify.annotations.NullMarked;
