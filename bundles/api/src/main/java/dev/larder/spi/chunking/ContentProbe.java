package dev.larder.spi.chunking;

import dev.larder.api.ArtifactKind;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What can be known of a content before it is cut.
 *
 * @param kind what it is
 * @param size its length, if known
 * @param head its first bytes, read-only: all of it up to {@link #HEAD_BYTES}
 * @param source the whole content, where it can be looked into at any place; whoever moves its
 *     position puts it back
 */
public record ContentProbe(
    ArtifactKind kind, OptionalLong size, ByteBuffer head, Optional<SeekableByteChannel> source) {

  /** Length of a head at the most. */
  public static final int HEAD_BYTES = 1 << 20;
}
