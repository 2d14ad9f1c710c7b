/**
 * Starts an OSGi framework with the bundles of a distribution, says when the gateway is ready, and
 * stops it in order.
 *
 * <p>A plain jar beside the framework on the class path, no bundle: Felix and Equinox both work.
 */
package dev.larder.launcher;
