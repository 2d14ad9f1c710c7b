/** Caches without content: traces, and what other caches would reach on them. */
@NullMarked
package dev.larder.bench.cache;

import org.jspecify.annotations.NullMarked;
