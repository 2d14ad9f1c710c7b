/** What a volume knows in memory: where each block is, and what its commit records say. */
package dev.larder.store.index;
