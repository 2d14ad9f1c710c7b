package dev.larder.store;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.spi.chunking.BlockCutter;
import dev.larder.spi.media.Cancellation;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to take an artifact in.
 *
 * @param kind what it is
 * @param size its length if declared; a content of another length is refused with {@code
 *     BODY_INCOMPLETE}
 * @param chunker what made the cutter
 * @param cutter cuts it, used by one thread
 * @param codecs which codec for which block
 * @param cancellation ends it early
 * @param predecessor an artifact that this one is likely to resemble: deltas are tried against its
 *     blocks if the volume has it
 */
public record IngestSpec(
    ArtifactKind kind,
    OptionalLong size,
    FormatId chunker,
    BlockCutter cutter,
    CodecChoice codecs,
    Cancellation cancellation,
    Optional<Digest> predecessor) {

  /** Without a predecessor. */
  public IngestSpec(
      ArtifactKind kind,
      OptionalLong size,
      FormatId chunker,
      BlockCutter cutter,
      CodecChoice codecs,
      Cancellation cancellation) {
    this(kind, size, chunker, cutter, codecs, cancellation, Optional.empty());
  }
}
