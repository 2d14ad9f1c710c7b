package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.format.Footer.IndexedBlock;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Keeps what live deltas stand on: bases and dictionaries, named at the start of a stored form. */
final class BaseMarker {

  /** So many bases are looked at by one collection: they take memory. */
  private static final int MOST_LONE = 16 << 10;

  private final CollectedVolume volume;
  private final BlockTable table;

  BaseMarker(CollectedVolume volume) {
    this.volume = volume;
    this.table = volume.table();
  }

  /** A delta that alone keeps a base, which is in no artifact any more. */
  record LoneDelta(Digest hash, BlockLocation location, Digest base) {}

  /**
   * Marks what live deltas stand on, but for the bases that a single one keeps: those are for the
   * caller to mark.
   */
  List<LoneDelta> markBases(Cancellation cancellation) throws IOException {
    Map<Digest, List<LoneDelta>> kept = new HashMap<>(); // more than one: it is marked
    PackBlocks blocks = volume.packBlocks();
    for (int pack : packsWithDeltas()) {
      for (IndexedBlock block : table.ofPack(pack)) {
        if ((block.form().flags() & StoredBlock.STORED_FLAGS) != 0 && table.isAlive(block.hash())) {
          cancellation.check();
          BlockLocation location = new BlockLocation(pack, block.offset(), block.form());
          note(block.hash(), location, blocks.standsOn(location), kept);
        }
      }
    }
    List<LoneDelta> lone = new ArrayList<>();
    kept.values().stream().filter(deltas -> deltas.size() == 1).forEach(lone::addAll);
    return lone;
  }

  /** A pack at a time: all deltas of a large volume at once would fill the heap. */
  private Set<Integer> packsWithDeltas() {
    Set<Integer> packs = new TreeSet<>();
    table.forEachAlive(
        (hash, location) -> {
          if ((location.form().flags() & StoredBlock.STORED_FLAGS) != 0) {
            packs.add(location.pack());
          }
        });
    return packs;
  }

  private void note(
      Digest hash, BlockLocation delta, List<Digest> under, Map<Digest, List<LoneDelta>> kept) {
    Digest first = under.get(0);
    boolean single = under.size() == 1 && delta.form().bases() == 1;
    boolean mayBeLone = single && kept.size() < MOST_LONE && !table.isAlive(first);
    if (mayBeLone && !kept.containsKey(first)) {
      kept.put(first, List.of(new LoneDelta(hash, delta, first)));
      return;
    }
    for (Digest base : under) {
      table.mark(base);
      kept.computeIfPresent(base, (same, deltas) -> List.of());
    }
  }
}
