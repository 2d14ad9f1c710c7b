package dev.larder.store.read;

import dev.larder.api.Digest;
import java.nio.ByteBuffer;

/**
 * A block that deltas stand on.
 *
 * @param hash of the block
 * @param plain its bytes, position to limit; valid until the next is read into the same slot
 */
public record Base(Digest hash, ByteBuffer plain) {}
