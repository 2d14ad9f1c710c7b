/** Taking artifacts in: read, cut, hash, encode, append. */
package dev.larder.store.ingest;
