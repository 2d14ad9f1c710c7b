/** The OSGi shell around the tier manager. */
package dev.larder.tiering.osgi;
