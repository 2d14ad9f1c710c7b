/**
 * Swapping artifacts in: hits by a lease and a link, misses by one shared load per artifact, and
 * the figures of both.
 */
package dev.larder.tiering.swap;
