/** Blocks as gzip. */
@NullMarked
package dev.larder.codec.gzip;

import org.jspecify.annotations.NullMarked;
