package dev.larder.store.read;

import dev.larder.api.Digest;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a delta stands on.
 *
 * @param standsOn the blocks, one or more, and their dictionaries
 * @param plain their bytes, one after the other, position to limit; valid until the next is read
 *     into the same slot
 */
public record Base(List<Digest> standsOn, ByteBuffer plain) {}
