/** Chooses among rankings by what each would have saved. */
@NullMarked
package dev.larder.policy.cache.adaptive;

import org.jspecify.annotations.NullMarked;
