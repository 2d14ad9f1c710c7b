/** Placement by what waiting and holding cost. */
@NullMarked
package dev.larder.policy.placement.cost;

import org.jspecify.annotations.NullMarked;
