/** One open volume: what ties the parts together, recovery and commit. */
package dev.larder.store.engine;
