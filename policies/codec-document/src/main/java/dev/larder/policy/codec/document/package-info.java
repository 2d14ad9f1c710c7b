/** The codecs that the starting document names. */
@NullMarked
package dev.larder.policy.codec.document;

import org.jspecify.annotations.NullMarked;
