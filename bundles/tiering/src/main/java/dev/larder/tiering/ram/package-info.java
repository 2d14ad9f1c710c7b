/**
 * The RAM cache: artifacts whole and uncompressed as files on tmpfs, links to the active ones,
 * leases, and eviction by the cache policy.
 */
package dev.larder.tiering.ram;
