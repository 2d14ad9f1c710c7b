/** A gateway's life, simulated: what the core's own classes decide, on a clock that is not real. */
@NullMarked
package dev.larder.bench.life;

import org.jspecify.annotations.NullMarked;
