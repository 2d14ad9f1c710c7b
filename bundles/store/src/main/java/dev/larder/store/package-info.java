/**
 * One volume: packs, commit records, index, recovery, collection and scrub, on a medium that a
 * driver has opened. For Larder's own providers, not for plug-ins.
 *
 * <p>Everything here is plain Java: it knows no OSGi framework, starts no threads but on the
 * executor that it is given, and sees plug-ins only through {@link dev.larder.store.Codecs}.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package dev.larder.store;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
