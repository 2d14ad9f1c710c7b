/** Content-defined blocks. */
@NullMarked
package dev.larder.chunker.fastcdc;

import org.jspecify.annotations.NullMarked;
