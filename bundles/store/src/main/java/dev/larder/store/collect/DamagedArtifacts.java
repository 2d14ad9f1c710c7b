package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Footer.IndexedBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.index.Damage;
import dev.larder.store.index.Journal;
import dev.larder.store.pack.ManifestReader;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the artifacts that known damage concerns. */
public final class DamagedArtifacts {

  private static final Logger LOG = LoggerFactory.getLogger(DamagedArtifacts.class);

  private final Journal journal;
  private final ManifestReader manifests;
  private final BlockTable table;
  private final Damage damage;
  private final PackBlocks blocks;

  /** Of one volume. */
  public DamagedArtifacts(
      Journal journal,
      ManifestReader manifests,
      BlockTable table,
      Damage damage,
      PackBlocks blocks) {
    this.journal = journal;
    this.manifests = manifests;
    this.table = table;
    this.damage = damage;
    this.blocks = blocks;
  }

  /** Those whose manifest or one of whose blocks is damaged or missing; reads all manifests. */
  public List<ArtifactEntry> find(Cancellation cancellation) throws IOException {
    List<ArtifactEntry> damaged = new ArrayList<>();
    if (!damage.any()) {
      return damaged;
    }
    for (CommitRecord.Added added : journal.added()) {
      cancellation.check();
      if (!isWhole(added)) {
        damaged.add(added.artifact());
      }
    }
    return damaged;
  }

  /**
   * Reads every block of a replica: damage seldom comes alone, and what is not known to be damaged
   * is not written anew. False if something of it is damaged or missing.
   */
  public boolean check(Digest digest, Cancellation cancellation) throws IOException {
    CommitRecord.Added added = journal.added(digest);
    if (added == null) {
      return false;
    }
    try {
      for (Map.Entry<Integer, TreeMap<Integer, IndexedBlock>> pack : blocksOf(added).entrySet()) {
        List<IndexedBlock> inOrder = List.copyOf(pack.getValue().values());
        blocks.read(pack.getKey(), inOrder, group -> group.forEach(this::check), cancellation);
      }
    } catch (PackGoneException e) {
      LOG.debug("{} was moved or dropped meanwhile", digest, e);
    }
    return isWhole(added);
  }

  private SortedMap<Integer, TreeMap<Integer, IndexedBlock>> blocksOf(CommitRecord.Added added)
      throws IOException {
    SortedMap<Integer, TreeMap<Integer, IndexedBlock>> packs = new TreeMap<>();
    manifests.read(
        added,
        (hash, length) -> {
          BlockLocation at = table.find(hash);
          if (at != null) {
            packs
                .computeIfAbsent(at.pack(), pack -> new TreeMap<>())
                .put(at.offset(), new IndexedBlock(hash, at.offset(), at.form()));
          }
        });
    return packs;
  }

  private void check(PackBlocks.Loaded block) {
    try {
      blocks.check(block);
    } catch (LarderException e) {
      LOG.debug("{} is damaged, too", block.hash(), e);
    }
  }

  private boolean isWhole(CommitRecord.Added added) throws IOException {
    boolean[] whole = {true};
    try {
      boolean read =
          manifests.read(added, (hash, length) -> whole[0] &= table.usable(hash)).isPresent();
      if (!read) {
        damage.manifest(added);
      }
      return read && whole[0];
    } catch (PackGoneException e) {
      return true; // moved or dropped meanwhile, and checked on its way
    }
  }
}
