/** Prediction by partial matching. */
@NullMarked
package dev.larder.policy.predict.ppm;

import org.jspecify.annotations.NullMarked;
