package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediumGoneException;
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
import java.util.HashMap;
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

  /** The blocks of a replica and what those that are deltas stand on, by pack and offset. */
  private SortedMap<Integer, TreeMap<Integer, IndexedBlock>> blocksOf(CommitRecord.Added added)
      throws IOException {
    SortedMap<Integer, TreeMap<Integer, IndexedBlock>> packs = new TreeMap<>();
    Map<Digest, BlockLocation> deltas = new HashMap<>();
    manifests.read(added, (hash, length) -> note(hash, packs, deltas));
    for (BlockLocation delta : deltas.values()) {
      for (Digest base : standsOn(delta)) {
        note(base, packs, new HashMap<>());
      }
    }
    return packs;
  }

  private void note(
      Digest hash,
      SortedMap<Integer, TreeMap<Integer, IndexedBlock>> packs,
      Map<Digest, BlockLocation> deltas) {
    BlockLocation at = table.find(hash);
    if (at != null) {
      packs
          .computeIfAbsent(at.pack(), pack -> new TreeMap<>())
          .put(at.offset(), new IndexedBlock(hash, at.offset(), at.form()));
      if (at.form().flags() != 0) {
        deltas.put(hash, at);
      }
    }
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
    Map<Digest, BlockLocation> deltas = new HashMap<>();
    try {
      boolean read =
          manifests.read(added, (hash, length) -> whole[0] &= isUsable(hash, deltas)).isPresent();
      if (!read) {
        damage.manifest(added);
      }
      for (Map.Entry<Digest, BlockLocation> delta : deltas.entrySet()) {
        whole[0] &= isFounded(delta.getKey(), delta.getValue());
      }
      return read && whole[0];
    } catch (PackGoneException e) {
      return true; // moved or dropped meanwhile, and checked on its way
    }
  }

  private boolean isUsable(Digest hash, Map<Digest, BlockLocation> deltas) {
    BlockLocation at = table.usable(hash) ? table.find(hash) : null;
    if (at != null && at.form().flags() != 0) {
      deltas.put(hash, at);
    }
    return at != null;
  }

  /** What a delta stands on; nothing if that cannot be read, for then the delta cannot, either. */
  private List<Digest> standsOn(BlockLocation delta) throws IOException {
    try {
      return blocks.standsOn(delta);
    } catch (PackGoneException | MediumGoneException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("the delta at {} cannot be read", delta, e);
      return List.of();
    }
  }

  /** What stands on a damaged block is written anew with it. */
  private boolean isFounded(Digest hash, BlockLocation delta) throws IOException {
    boolean founded = standsOn(delta).stream().allMatch(table::usable);
    if (!founded) {
      damage.unreadable(hash, delta);
    }
    return founded;
  }
}
