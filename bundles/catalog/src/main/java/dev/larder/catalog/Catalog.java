package dev.larder.catalog;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.HealthFinding;
import dev.larder.api.HistoryEntry;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The catalog. Changes are queued and applied in order by one thread of its own; no caller waits
 * for H2. Safe for use by many threads.
 */
public final class Catalog implements Closeable {

  /**
   * Opens the database in a folder. One that cannot be opened, or whose content is in doubt, is set
   * aside (renamed within the folder, the last two kept) and an empty one is made: {@link
   * #synchronise} then fills it.
   */
  public static Catalog open(Path folder) throws LarderException {
    throw new UnsupportedOperationException();
  }

  /**
   * Brings one volume up to date: does nothing if the catalog has just this position, else replaces
   * all that it has of the volume. Queued.
   */
  public void synchronise(VolumeSnapshot snapshot) {
    throw new UnsupportedOperationException();
  }

  /**
   * Applies changes of one volume together with the position that they lead to, in one transaction.
   * Queued.
   */
  public void apply(Position position, String tier, List<CatalogChange> changes) {
    throw new UnsupportedOperationException();
  }

  /** Removes what it has of a volume that is no longer a tier. Queued. */
  public void forget(UUID volume) {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds to the history of swaps, of which the newest 10,000 are kept. Queued; dropped under
   * pressure.
   */
  public void record(SwapRecord swap) {
    throw new UnsupportedOperationException();
  }

  /** Waits until all that was queued before is applied; false if it took longer. */
  public boolean awaitApplied(Duration timeout) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** All current references with their tiers, sorted. */
  public List<ArtifactSummary> list() throws LarderException {
    throw new UnsupportedOperationException();
  }

  /** Changes of one reference, newest first. */
  public List<HistoryEntry> history(Reference reference) throws LarderException {
    throw new UnsupportedOperationException();
  }

  /** The newest swaps, newest first. */
  public List<SwapRecord> swaps(int limit) throws LarderException {
    throw new UnsupportedOperationException();
  }

  /** Throws everything away; {@link #synchronise} fills it again. */
  public void clear() throws LarderException {
    throw new UnsupportedOperationException();
  }

  /** Allocated bytes of its files. */
  public long allocatedBytes() {
    throw new UnsupportedOperationException();
  }

  /** What is not as it should be. */
  public List<HealthFinding> findings() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
