/** What lies on a medium, byte by byte; see {@code docs/format.md}. Big-endian throughout. */
package dev.larder.store.format;
