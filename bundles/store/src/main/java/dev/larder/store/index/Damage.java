package dev.larder.store.index;

import dev.larder.api.Digest;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.SuperblockFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was found damaged on a volume, and the packs that are kept aside for it: nothing is deleted
 * or moved from them until they are purged or there are too many. Thread-safe.
 */
public final class Damage {

  private final BlockTable table;
  private final Set<Digest> manifests = new HashSet<>();
  private final List<String> losses = new ArrayList<>();
  private final LinkedHashSet<Integer> quarantined = new LinkedHashSet<>();

  /** Nothing is damaged yet. */
  public Damage(BlockTable table) {
    this.table = table;
  }

  /** A stored form is not what was written: its pack is kept aside. */
  public void block(Digest hash, BlockLocation at) {
    if (table.bad(hash, at)) {
      quarantine(at.pack());
    }
  }

  /** A block cannot be read. The medium may be able to later, so nothing is kept aside for it. */
  public void unreadable(Digest hash, BlockLocation at) {
    table.bad(hash, at);
  }

  /** The manifest of a replica is not what was written. */
  public synchronized void manifest(CommitRecord.Added added) {
    if (manifests.add(added.artifact().digest())) {
      quarantine(added.place().pack());
    }
  }

  /** Whether the manifest of a replica is known to be damaged. */
  public synchronized boolean hasManifest(Digest artifact) {
    return manifests.contains(artifact);
  }

  /** A replica was written anew, or is gone. */
  public synchronized void settled(Digest artifact) {
    manifests.remove(artifact);
  }

  /** Bytes that had been acknowledged make no sense. */
  public synchronized void lost(int pack, long from, long to) {
    losses.add(
        "bytes "
            + from
            + " to "
            + to
            + " of pack "
            + pack
            + " were damaged before the pack had its index: a change made then may be lost");
    quarantine(pack);
  }

  private synchronized void quarantine(int pack) {
    quarantined.add(pack);
  }

  /** Sets what a superblock knows. */
  public synchronized void restore(Collection<Integer> packs) {
    quarantined.addAll(packs);
  }

  /** Whether a pack is kept aside. */
  public synchronized boolean isQuarantined(int pack) {
    return quarantined.contains(pack);
  }

  /** Packs that are kept aside, as many as a superblock can name; the newest ones. */
  public synchronized List<Integer> quarantined() {
    List<Integer> all = new ArrayList<>(quarantined);
    return all.subList(Math.max(0, all.size() - SuperblockFields.MOST_QUARANTINED), all.size());
  }

  /** A pack is no longer kept aside. */
  public synchronized void release(int pack) {
    quarantined.remove(pack);
  }

  /** Whether anything is known to be damaged and not yet replaced. */
  public synchronized boolean any() {
    return table.badCount() > 0 || !manifests.isEmpty() || !losses.isEmpty();
  }

  /** Blocks and manifests that are known to be damaged and not yet replaced. */
  public synchronized int count() {
    return table.badCount() + manifests.size();
  }

  /** One line for each kind of damage that is there. */
  public synchronized List<String> findings() {
    List<String> findings = new ArrayList<>();
    if (table.badCount() > 0) {
      findings.add("damaged blocks: " + table.badCount());
    }
    if (!manifests.isEmpty()) {
      findings.add("artifacts with a damaged manifest: " + manifests.size());
    }
    findings.addAll(losses);
    return findings;
  }
}
