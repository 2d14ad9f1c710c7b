/**
 * The queryable projection of all volumes in an H2 database, and the history that only it has. For
 * Larder's own providers.
 *
 * <p>Nothing that is served is decided by what is read here. It can be lost at any time and is then
 * built anew from the volumes.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("1.0.0")
package dev.larder.catalog;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
