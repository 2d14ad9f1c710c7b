/**
 * What a cache policy implements: ranking the entries of the core's ledger.
 *
 * <p>Whoever implements an interface of this package imports {@code [1.0,2)}: it is a consumer of
 * the contract, and a minor step never breaks it.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package dev.larder.spi.cache;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
