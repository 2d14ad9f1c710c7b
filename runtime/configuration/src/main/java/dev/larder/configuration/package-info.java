/**
 * Keeps the configurations of Felix ConfigAdmin so that a power cut loses none: each in a file of
 * its own, forced before it takes the place of the former one, with two former generations beside
 * it.
 *
 * <p>Exports nothing. The framework property {@code felix.cm.pm=larder} chooses it.
 */
package dev.larder.configuration;
