/**
 * What a usage predictor implements: learning from swaps what is likely to be swapped next.
 *
 * <p>Whoever implements an interface of this package imports {@code [1.0,2)}: it is a consumer of
 * the contract, and a minor step never breaks it.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package dev.larder.spi.prediction;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
