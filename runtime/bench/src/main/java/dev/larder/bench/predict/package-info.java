/** What a predictor and the prefetch gate reach on a trace. */
@NullMarked
package dev.larder.bench.predict;

import org.jspecify.annotations.NullMarked;
