/** Pack files: the append stream, open handles, reading by footer and by scan. */
package dev.larder.store.pack;
