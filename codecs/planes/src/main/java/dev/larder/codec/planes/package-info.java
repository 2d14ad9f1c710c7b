/** Floats as byte planes. */
@NullMarked
package dev.larder.codec.planes;

import org.jspecify.annotations.NullMarked;
