/**
 * What a codec implements: turning a block into its stored form and back; and what a rule of codecs
 * implements: ranking them for a medium.
 *
 * <p>Whoever implements an interface of this package imports {@code [1.0,2)}: it is a consumer of
 * the contract, and a minor step never breaks it.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package dev.larder.spi.codec;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
