/** Placement by class of medium. */
@NullMarked
package dev.larder.policy.placement.kind;

import org.jspecify.annotations.NullMarked;
