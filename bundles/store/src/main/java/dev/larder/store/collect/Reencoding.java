package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer.IndexedBlock;
import dev.larder.store.format.Layout;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes blocks anew that take clearly less with more effort, artifact by artifact in the order in
 * which they were put. For one thread, under the collector's lock.
 */
final class Reencoding {

  private static final Logger LOG = LoggerFactory.getLogger(Reencoding.class);

  /** What is saved must be so much of what is there: to write wears the medium. */
  private static final int LEAST_SAVED = 10;

  private static final int BATCH_BYTES = 1 << 20;

  private final CollectedVolume volume;
  private final Relocation relocation;
  private final PackBlocks blocks;
  private final Pace pace;
  private final List<PackBlocks.Loaded> batch = new ArrayList<>();
  private int batchBytes;
  private long savedBytes;

  Reencoding(CollectedVolume volume, Relocation relocation, Pace pace) {
    this.volume = volume;
    this.relocation = relocation;
    this.blocks = volume.packBlocks();
    this.pace = pace;
  }

  /**
   * Goes through the artifacts behind a sequence number.
   *
   * @param mostBytes no artifact is begun after so many were written
   * @param done told the sequence number of each artifact that is done
   * @return whether none is left
   */
  boolean run(long after, long mostBytes, LongConsumer done, Cancellation cancellation)
      throws IOException {
    List<CommitRecord.Added> inOrder = new ArrayList<>(volume.journal().added());
    inOrder.removeIf(added -> added.sequence() <= after);
    inOrder.sort(Comparator.comparingLong(CommitRecord.Added::sequence));
    for (CommitRecord.Added added : inOrder) {
      if (relocation.movedBytes() >= mostBytes) {
        return false;
      }
      encode(added, cancellation);
      done.accept(added.sequence());
    }
    return true;
  }

  /** Bytes saved so far. */
  long savedBytes() {
    return savedBytes;
  }

  private void encode(CommitRecord.Added added, Cancellation cancellation) throws IOException {
    SortedMap<Integer, TreeMap<Integer, IndexedBlock>> packs = new TreeMap<>();
    try {
      volume.manifests().read(added, (hash, length) -> note(hash, packs));
      for (var pack : packs.entrySet()) {
        List<IndexedBlock> inOrder = List.copyOf(pack.getValue().values());
        blocks.read(pack.getKey(), inOrder, group -> consider(group, cancellation), cancellation);
      }
      write();
    } catch (PackGoneException e) {
      LOG.debug("{} was dropped meanwhile", added.artifact().digest(), e);
    }
  }

  private void note(Digest hash, SortedMap<Integer, TreeMap<Integer, IndexedBlock>> packs) {
    BlockLocation at = volume.table().usable(hash) ? volume.table().find(hash) : null;
    if (at != null && at.form().codec() != 0) {
      packs
          .computeIfAbsent(at.pack(), pack -> new TreeMap<>())
          .put(at.offset(), new IndexedBlock(hash, at.offset(), at.form()));
    }
  }

  private void consider(List<PackBlocks.Loaded> group, Cancellation cancellation)
      throws IOException {
    for (PackBlocks.Loaded block : group) {
      cancellation.check();
      int stored = block.location().form().stored();
      try {
        blocks.encodedAnew(block, stored - stored / LEAST_SAVED - 1).ifPresent(this::take);
      } catch (LarderException e) {
        LOG.debug("{} stays as it is", block.hash(), e); // damaged, which is known now
      }
      pace.spent(stored);
      if (batchBytes >= BATCH_BYTES || batch.size() >= Layout.MAX_RUN_BLOCKS) {
        write();
      }
    }
  }

  private void take(PackBlocks.Loaded shorter) {
    batch.add(shorter);
    batchBytes += shorter.location().form().stored();
  }

  /** What is written is forced at once: the originals hold until then. */
  private void write() throws IOException {
    if (!batch.isEmpty()) {
      long before = volume.table().storedBytes();
      relocation.durably(() -> relocation.copy(batch));
      savedBytes += Math.max(0, before - volume.table().storedBytes());
      batch.clear();
      batchBytes = 0;
    }
  }
}
