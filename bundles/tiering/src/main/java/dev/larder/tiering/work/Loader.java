package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.BlockSink;
import dev.larder.store.Manifest;
import dev.larder.tiering.ram.RamFile;
import dev.larder.tiering.swap.ArtifactSource;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fills the RAM cache from the tiers: from the fastest replica, and what that cannot give from the
 * next. Only what is still missing is read again.
 */
public final class Loader implements ArtifactSource {

  private final References references;
  private final Replicas replicas;
  private final Pins pins;

  /** Over all tiers. */
  public Loader(References references, Replicas replicas, Pins pins) {
    this.references = references;
    this.replicas = replicas;
    this.pins = pins;
  }

  @Override
  public Optional<Resolved> resolve(Reference reference) throws LarderException {
    Optional<Digest> digest = references.find(reference);
    if (digest.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        replicas
            .awaitEntry(digest.get())
            .map(entry -> new Resolved(entry.digest(), entry.size(), entry.kind()))
            .orElseThrow(() -> references.lost(reference, digest.get())));
  }

  @Override
  public LoadResult load(Digest digest, RamFile target, Cancellation cancellation)
      throws IOException {
    Coverage coverage = new Coverage();
    AtomicLong bytesRead = new AtomicLong();
    AtomicBoolean fromStorage = new AtomicBoolean();
    BlockSink sink =
        (offset, bytes) -> {
          int length = bytes.remaining();
          target.accept(offset, bytes);
          coverage.add(offset, length);
        };
    try (Pins.Pin pin = pins.pin(digest)) {
      return replicas.onAny(
          digest,
          use -> {
            if (use.tier().role() == TierRole.STORAGE) {
              fromStorage.set(true);
            }
            bytesRead.addAndGet(readGaps(use, digest, coverage, sink, cancellation));
            SwapLevel level = fromStorage.get() ? SwapLevel.STORAGE : SwapLevel.CACHE;
            return new LoadResult(level, bytesRead.get(), 0);
          });
    }
  }

  private static long readGaps(
      TierUse use, Digest digest, Coverage coverage, BlockSink sink, Cancellation cancellation)
      throws IOException {
    Manifest manifest = use.volume().manifest(digest);
    long read = 0;
    for (Coverage.Range gap : coverage.gaps(manifest.size())) {
      read += use.volume().read(manifest, gap.offset(), gap.length(), sink, cancellation);
    }
    return read;
  }
}
