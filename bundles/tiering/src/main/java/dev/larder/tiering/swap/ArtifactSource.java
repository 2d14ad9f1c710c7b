package dev.larder.tiering.swap;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.spi.media.Cancellation;
import dev.larder.tiering.ram.RamFile;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Where the RAM cache is filled from: the tiers. Any thread. */
public interface ArtifactSource {

  /**
   * What a reference stands for now. Answered from memory: it is on the way of every swap.
   *
   * @throws LarderException {@code TIER_ABSENT} and the like if that cannot be said
   */
  Optional<Resolved> resolve(Reference reference) throws LarderException;

  /**
   * Writes every byte of an artifact once into the file, with as many threads as it likes, and
   * returns when the last is written. On failure it throws and no thread of its own writes any
   * more. The file counts the bytes; that is the progress callers are told of.
   *
   * @param waited whether somebody waits for it; others go first until that is so, which may be any
   *     moment
   * @param cancellation asked between blocks
   * @throws LarderException {@code NOT_FOUND}, {@code TIER_ABSENT}, {@code CODEC_MISSING}, {@code
   *     CORRUPT}, {@code RAM_FULL} (from the file), {@code IO_ERROR}
   */
  LoadResult load(Digest digest, RamFile target, BooleanSupplier waited, Cancellation cancellation)
      throws IOException;

  /**
   * An artifact that can be loaded.
   *
   * @param digest of the content
   * @param size bytes, 0 or more
   * @param kind what it is
   */
  record Resolved(Digest digest, long size, ArtifactKind kind) {}

  /**
   * A load that is done.
   *
   * @param level {@link SwapLevel#CACHE} or {@link SwapLevel#STORAGE}: the slowest it came from
   * @param bytesRead encoded bytes read from tiers
   * @param bytesReused bytes copied from what was in RAM already
   */
  record LoadResult(SwapLevel level, long bytesRead, long bytesReused) {}
}
