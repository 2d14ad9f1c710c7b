package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.store.Pace;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.Damage;
import dev.larder.store.index.Journal;
import dev.larder.store.pack.ManifestReader;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.read.BlockMovedException;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every block and checks its SHA-256, and every manifest, pack after pack, on the caller's
 * thread alone. For one scrub.
 */
public final class Scrubber {

  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
  private static final int MOST_FINDINGS = 100;

  private final PackFiles files;
  private final PackBlocks blocks;
  private final Journal journal;
  private final ManifestReader manifests;
  private final Damage damage;
  private final List<String> findings = new ArrayList<>();

  /** Deltas whose base is not here: dead ones come back with the index of a pack that is kept. */
  private final Map<Digest, BlockLocation> orphans = new HashMap<>();

  private long checked;
  private long bytes;
  private long bad;

  /** For one scrub of one volume. */
  public Scrubber(
      PackFiles files,
      PackBlocks blocks,
      Journal journal,
      ManifestReader manifests,
      Damage damage) {
    this.files = files;
    this.blocks = blocks;
    this.journal = journal;
    this.manifests = manifests;
    this.damage = damage;
  }

  /** Told how far it is. */
  public interface Progress {
    /** All packs up to this one are done. */
    void passed(int pack) throws IOException;
  }

  /**
   * Scrubs the packs that are there now.
   *
   * @param after number of the pack that an earlier scrub has come to
   */
  public ScrubReport run(long after, Pace pace, Progress progress, Cancellation cancellation)
      throws IOException {
    Map<Integer, List<CommitRecord.Added>> byPack = manifestsByPack();
    for (int pack : files.numbers()) {
      if (pack > after) {
        scrub(pack, byPack.getOrDefault(pack, List.of()), pace, cancellation);
        progress.passed(pack);
      }
    }
    checkOrphans(cancellation);
    return new ScrubReport(checked, bytes, bad, 0, List.copyOf(findings));
  }

  private Map<Integer, List<CommitRecord.Added>> manifestsByPack() {
    Map<Integer, List<CommitRecord.Added>> byPack = new HashMap<>();
    for (CommitRecord.Added added : journal.added()) {
      byPack.computeIfAbsent(added.place().pack(), pack -> new ArrayList<>()).add(added);
    }
    return byPack;
  }

  private void scrub(int pack, List<CommitRecord.Added> added, Pace pace, Cancellation cancellation)
      throws IOException {
    try {
      blocks.read(
          pack,
          group -> {
            long before = bytes;
            group.forEach(this::check);
            pace.spent(bytes - before);
          },
          cancellation);
      for (CommitRecord.Added replica : added) {
        cancellation.check();
        check(replica);
        pace.spent(replica.place().length());
      }
    } catch (PackGoneException e) {
      return; // collected meanwhile: what lives of it is in a later pack, checked on its way
    }
  }

  private void check(PackBlocks.Loaded block) {
    checked++;
    bytes += block.location().form().stored();
    try {
      if (blocks.isOrphan(block)) {
        orphans.put(block.hash(), block.location());
        return;
      }
      blocks.verify(block);
    } catch (BlockMovedException e) {
      LOG.debug("{} is checked where it is now", block.hash(), e);
    } catch (LarderException e) {
      bad += e.code() == ErrorCode.CORRUPT ? 1 : 0;
      find(e.describe());
    } catch (IOException e) {
      bad++;
      find("block " + block.hash() + ": " + e);
    }
  }

  /** Of those, what an artifact needs is damaged. */
  private void checkOrphans(Cancellation cancellation) throws IOException {
    for (CommitRecord.Added added :
        orphans.isEmpty() ? List.<CommitRecord.Added>of() : journal.added()) {
      cancellation.check();
      try {
        manifests.read(added, (hash, length) -> missesItsBase(hash));
      } catch (PackGoneException e) {
        LOG.debug("{} was moved or dropped meanwhile", added.artifact().digest(), e);
      }
    }
  }

  private void missesItsBase(Digest hash) {
    BlockLocation orphan = orphans.remove(hash);
    if (orphan != null) {
      damage.unreadable(hash, orphan);
      bad++;
      find("block " + hash + " is a delta, and what it stands on is not here");
    }
  }

  private void check(CommitRecord.Added replica) throws IOException {
    try {
      if (isWhole(replica)) {
        return;
      }
      damage.manifest(replica);
      find("the manifest of " + replica.artifact().digest() + " is damaged");
    } catch (PackGoneException | MediumGoneException e) {
      throw e;
    } catch (IOException e) {
      find("the manifest of " + replica.artifact().digest() + " cannot be read: " + e);
    }
    bad++;
  }

  /** A medium that fails once is asked again. */
  private boolean isWhole(CommitRecord.Added replica) throws IOException {
    try {
      return manifests.read(replica, (hash, length) -> {}).isPresent();
    } catch (PackGoneException | MediumGoneException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("the manifest of {} is read again", replica.artifact().digest(), e);
      return manifests.read(replica, (hash, length) -> {}).isPresent();
    }
  }

  private void find(String finding) {
    if (findings.size() < MOST_FINDINGS && !findings.contains(finding)) {
      findings.add(finding);
    }
  }
}
