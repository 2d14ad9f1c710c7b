/** Registers the LZ4 codec as a service. */
@NullMarked
package dev.larder.codec.lz4.osgi;

import org.jspecify.annotations.NullMarked;
