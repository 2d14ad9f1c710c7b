/** Reading artifacts: planned in extents, checked, decoded. */
package dev.larder.store.read;
