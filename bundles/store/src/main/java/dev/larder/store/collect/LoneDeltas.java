package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.collect.BaseMarker.LoneDelta;
import dev.larder.store.format.Footer.IndexedBlock;
import dev.larder.store.format.Layout;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores deltas so that they stand alone, where that takes less than to keep a base for each of
 * them: of two versions the older one was dropped. For one thread, under the collector's lock.
 */
final class LoneDeltas {

  private static final Logger LOG = LoggerFactory.getLogger(LoneDeltas.class);

  /** Of what a delta and its base take: what stands alone may take so much, for writing wears. */
  private static final double WORTHWHILE = 0.95;

  private static final int BATCH_BYTES = 1 << 20;

  private final BlockTable table;
  private final PackBlocks blocks;
  private final Relocation relocation;
  private final List<PackBlocks.Loaded> batch = new ArrayList<>();
  private int batchBytes;

  LoneDeltas(CollectedVolume volume, Relocation relocation) {
    this.table = volume.table();
    this.blocks = volume.packBlocks();
    this.relocation = relocation;
  }

  /**
   * Stores deltas anew, and marks the bases of the others. What was written is forced on return.
   *
   * @param mostBytes nothing more is written after so many
   */
  void run(List<LoneDelta> deltas, long mostBytes, Cancellation cancellation) throws IOException {
    try {
      relocation.durably(() -> storeAnew(deltas, mostBytes, cancellation));
    } catch (LarderException e) {
      if (e.code() != ErrorCode.TIER_FULL) {
        throw e;
      }
      LOG.info("no room to let deltas stand alone: {}", e.getMessage());
    }
    for (LoneDelta delta : deltas) {
      BlockLocation now = table.find(delta.hash());
      if (now == null || now.form().flags() != 0) {
        table.mark(delta.base());
      }
    }
  }

  private void storeAnew(List<LoneDelta> deltas, long mostBytes, Cancellation cancellation)
      throws IOException {
    Map<Digest, Digest> bases = new HashMap<>();
    SortedMap<Integer, List<IndexedBlock>> packs = new TreeMap<>();
    for (LoneDelta delta : deltas) {
      BlockLocation at = delta.location();
      bases.put(delta.hash(), delta.base());
      packs
          .computeIfAbsent(at.pack(), pack -> new ArrayList<>())
          .add(new IndexedBlock(delta.hash(), at.offset(), at.form()));
    }
    for (var pack : packs.entrySet()) {
      pack.getValue().sort(Comparator.comparingInt(IndexedBlock::offset));
      blocks.read(
          pack.getKey(), pack.getValue(), group -> consider(group, bases, mostBytes), cancellation);
    }
    write();
  }

  private void consider(List<PackBlocks.Loaded> group, Map<Digest, Digest> bases, long mostBytes)
      throws IOException {
    for (PackBlocks.Loaded block : group) {
      BlockLocation base = table.find(Objects.requireNonNull(bases.get(block.hash())));
      if (base != null && relocation.movedBytes() + batchBytes < mostBytes) {
        int both = block.location().form().stored() + base.form().stored();
        try {
          blocks.standingAlone(block, (int) (both * WORTHWHILE)).ifPresent(this::take);
        } catch (LarderException e) {
          LOG.debug("{} stays a delta", block.hash(), e); // damaged, or its codec is away
        }
      }
    }
    if (batchBytes >= BATCH_BYTES) {
      write();
    }
  }

  private void take(PackBlocks.Loaded alone) {
    batch.add(alone);
    batchBytes += alone.location().form().stored();
  }

  private void write() throws IOException {
    for (int from = 0; from < batch.size(); from += Layout.MAX_RUN_BLOCKS) {
      int to = Math.min(batch.size(), from + Layout.MAX_RUN_BLOCKS);
      relocation.copy(batch.subList(from, to));
    }
    batch.clear();
    batchBytes = 0;
  }
}
