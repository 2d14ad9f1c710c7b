/** GreedyDual-Size-Frequency. */
@NullMarked
package dev.larder.policy.cache.gdsf;

import org.jspecify.annotations.NullMarked;
