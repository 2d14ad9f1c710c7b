/** Least recently used. */
@NullMarked
package dev.larder.policy.cache.lru;

import org.jspecify.annotations.NullMarked;
