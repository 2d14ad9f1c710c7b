package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Lane;
import dev.larder.store.Manifest;
import dev.larder.store.ReadFigures;
import dev.larder.store.Volume;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.RamFile;
import dev.larder.tiering.ram.ResidentBlocks;
import dev.larder.tiering.swap.ArtifactSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills the RAM cache from the tiers: from the fastest replica, and what that cannot give from the
 * next. Only what is still missing is read again, and nothing that another artifact holds in RAM.
 */
public final class Loader implements ArtifactSource {

  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

  private final References references;
  private final Replicas replicas;
  private final Pins pins;
  private final RamCache ram;
  private final ResidentBlocks residentBlocks;

  /** From all tiers, and from what is in the cache already. */
  public Loader(References references, Replicas replicas, Pins pins, RamCache ram) {
    this.references = references;
    this.replicas = replicas;
    this.pins = pins;
    this.ram = ram;
    this.residentBlocks = new ResidentBlocks(ram::isResident);
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

  /** An artifact that is on a tier that is attached; answered from memory, without waiting. */
  public Optional<Resolved> find(Digest digest) {
    return replicas
        .entry(digest)
        .map(entry -> new Resolved(entry.digest(), entry.size(), entry.kind()));
  }

  /** Lets loads copy from an artifact that is in RAM already; none does before it is checked. */
  public void resident(Digest digest) {
    try {
      residentBlocks.add(replicas.onAny(digest, use -> use.volume().manifest(digest)));
    } catch (IOException e) {
      LOG.debug("nothing is copied from {}", digest, e);
    }
  }

  @Override
  public LoadResult load(
      Digest digest, RamFile target, BooleanSupplier waited, Cancellation cancellation)
      throws IOException {
    AtomicBoolean fromStorage = new AtomicBoolean();
    try (Pins.Pin pin = pins.pin(digest);
        BlocksInRam inRam = new BlocksInRam(residentBlocks, ram)) {
      Fill fill = new Fill(target, inRam);
      return replicas.onAny(
          digest,
          use -> {
            if (use.tier().role() == TierRole.STORAGE) {
              fromStorage.set(true);
            }
            Manifest manifest = use.volume().manifest(digest);
            if (!waited.getAsBoolean()) {
              Cancellation until = () -> waited.getAsBoolean() || cancellation.isCancelled();
              try {
                fill.read(use.volume(), Lane.PREFETCH, manifest, until);
              } catch (CancellationException e) {
                cancellation.check(); // else somebody waits for the rest
              }
            }
            fill.read(use.volume(), Lane.SWAP, manifest, cancellation);
            residentBlocks.add(manifest);
            SwapLevel level = fromStorage.get() ? SwapLevel.STORAGE : SwapLevel.CACHE;
            return new LoadResult(level, fill.figures.bytesRead(), fill.figures.bytesReused());
          });
    }
  }

  /** A file that is filled, from one replica or from several. */
  private static final class Fill {
    private final RamFile target;
    private final BlocksInRam inRam;
    private final Coverage coverage = new Coverage();
    ReadFigures figures = ReadFigures.NOTHING;

    Fill(RamFile target, BlocksInRam inRam) {
      this.target = target;
      this.inRam = inRam;
    }

    /** Reads what is still missing. */
    void read(Volume volume, Lane lane, Manifest manifest, Cancellation cancellation)
        throws IOException {
      for (Coverage.Range gap : coverage.gaps(manifest.size())) {
        figures =
            figures.plus(
                volume.read(
                    lane, manifest, gap.offset(), gap.length(), inRam, this::accept, cancellation));
      }
    }

    private void accept(long offset, ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      target.accept(offset, bytes);
      coverage.add(offset, length);
    }
  }
}
