/** Loading ahead what is likely to be wanted next, where that has been seen to pay. */
@NullMarked
package dev.larder.tiering.prefetch;

import org.jspecify.annotations.NullMarked;
