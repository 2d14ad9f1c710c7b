/** SD cards. */
@NullMarked
package dev.larder.media.sd;

import org.jspecify.annotations.NullMarked;
