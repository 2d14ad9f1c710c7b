/** Least frequently used. */
@NullMarked
package dev.larder.policy.cache.lfu;

import org.jspecify.annotations.NullMarked;
