/** Collection and scrub. */
package dev.larder.store.collect;
