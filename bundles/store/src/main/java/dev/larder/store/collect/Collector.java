package dev.larder.store.collect;

import dev.larder.api.CollectionReport;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Pace;
import dev.larder.store.ReferenceChange;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Layout;
import dev.larder.store.ingest.InFlight;
import dev.larder.store.pack.PackStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mark and sweep over blocks, then compaction of packs by their live share. Thread-safe; one
 * collection at a time.
 *
 * <p>Crash-safe at each step: what is condemned is dropped by commit records before anything else;
 * a pack is deleted only after all that is alive in it was copied and forced.
 */
public final class Collector {

  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

  /** A pack with less alive than this is compacted. */
  private static final double LIVE_SHARE = 0.7;

  /** Packs with more alive are compacted, too, while they keep more than this of all dead bytes. */
  private static final double DEAD_LEFT = 0.04;

  /** But not those with more alive than this, for it wears the medium for little. */
  private static final double LITTLE_TO_GAIN = 0.9;

  /** The same for a store that fits a single pack: to copy it is cheap, and little adds up. */
  private static final double NOTHING_TO_GAIN = 0.98;

  /** So much of what is alive may be copied to lie together again, by one collection. */
  private static final double REPACKED_SHARE = 0.125;

  /** No more than this part of all may be encoded anew at once: it wears the medium. */
  private static final int REENCODED_SHARE = 4;

  /** So many small packs are merged into one. */
  private static final int SMALL_PACKS = 4;

  private final CollectedVolume volume;
  private final ReentrantLock lock = new ReentrantLock();

  /** Collects one volume. */
  public Collector(CollectedVolume volume) {
    this.volume = volume;
  }

  /** Drops what nobody needs and gives its space back. */
  public CollectionReport collect(
      Supplier<Set<Digest>> roots,
      Supplier<Set<ReferenceChange>> neededChanges,
      Pace pace,
      Cancellation cancellation)
      throws IOException {
    lock.lock();
    try {
      volume.stream().check();
      boundQuarantine();
      int dropped = volume.exclusively(() -> condemn(roots.get(), neededChanges.get()));
      Relocation relocation = relocation(pace);
      long blocks = mark(relocation, cancellation) ? sweep() : 0;
      repack(relocation, cancellation);
      return compact(relocation, cancellation).plus(new CollectionReport(dropped, blocks, 0, 0, 0));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Encodes anew what takes clearly less with more effort. Ends where a collection waits.
   *
   * @param after sequence number up to which that was done
   * @param done told up to which it is done now
   * @throws LarderException {@code TIER_FULL} if there is no room for anything that is left
   */
  public void reencode(long after, LongConsumer done, Pace pace, Cancellation cancellation)
      throws IOException {
    lock.lock();
    try {
      volume.stream().check();
      long end = volume.journal().lastSequence();
      long free = volume.freeForPuts();
      long most = Math.min(free, Math.max(1, volume.table().storedBytes() / REENCODED_SHARE));
      Cancellation either = () -> lock.hasQueuedThreads() || cancellation.isCancelled();
      Relocation relocation = relocation(Pace.UNLIMITED);
      Reencoding reencoding = new Reencoding(volume, relocation, pace);
      boolean all = reencoding.run(after, most, done, either);
      if (relocation.movedBytes() > 0) {
        LOG.info(
            "{}: {} bytes written anew save {}",
            volume.errors().name(),
            relocation.movedBytes(),
            reencoding.savedBytes());
      }
      if (all) {
        done.accept(end);
      } else if (free == 0) {
        throw volume.errors().full("blocks that would be encoded anew");
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is kept aside takes no more than a hundredth of the medium, or one pack. */
  private void boundQuarantine() throws IOException {
    long most = Math.max(volume.stream().capacity().totalBytes() / 100, 2 * volume.packTarget());
    long bytes = 0;
    List<Integer> newestFirst = new ArrayList<>(volume.damage().quarantined());
    Collections.reverse(newestFirst);
    for (int pack : newestFirst) {
      bytes += volume.files().size(pack);
      if (bytes > most || volume.files().size(pack) == 0) {
        volume.damage().release(pack);
      }
    }
  }

  private int condemn(Set<Digest> roots, Set<ReferenceChange> needed) throws IOException {
    List<Digest> condemned = new ArrayList<>();
    for (ArtifactEntry artifact : volume.journal().artifacts()) {
      if (!roots.contains(artifact.digest())) {
        condemned.add(artifact.digest());
      }
    }
    PackStream stream = volume.stream();
    stream.lock().lock();
    try {
      volume.table().clearMarks();
      InFlight inFlight = volume.inFlight();
      inFlight
          .lists()
          .forEach(
              list -> {
                for (int i = 0; i < list.size(); i++) {
                  volume.table().mark(list.hash(i));
                }
              });
    } finally {
      stream.lock().unlock();
    }
    if (!condemned.isEmpty()) {
      volume.drop(condemned);
      condemned.forEach(volume.damage()::settled);
    }
    volume.journal().keepOnly(needed);
    return condemned.size();
  }

  /** False if a manifest cannot be read: then it is not known what is alive. */
  private boolean mark(Relocation relocation, Cancellation cancellation) throws IOException {
    boolean all = true;
    for (CommitRecord.Added added : volume.journal().added()) {
      cancellation.check();
      boolean whole =
          volume.manifests().read(added, (hash, length) -> volume.table().mark(hash)).isPresent();
      if (!whole) {
        all = false;
        LOG.warn(
            "{}: the manifest of {} is damaged; no block is dropped until it is repaired or removed",
            volume.errors().name(),
            added.artifact().digest());
      }
    }
    if (all) {
      List<BaseMarker.LoneDelta> lone = new BaseMarker(volume).markBases(cancellation);
      new LoneDeltas(volume, relocation).run(lone, mostRepacked(), cancellation);
    }
    return all;
  }

  private long sweep() {
    PackStream stream = volume.stream();
    stream.lock().lock();
    try {
      return volume.table().sweep();
    } finally {
      stream.lock().unlock();
    }
  }

  /** Deletes packs that hold nothing any more; what an aborted put has left. */
  public void deleteDead() {
    if (!lock.tryLock()) {
      return; // a collection is under way and comes to it
    }
    try {
      PackStream stream = volume.stream();
      stream.check();
      stream.lock().lock();
      try {
        stream.discardIfDead();
      } finally {
        stream.lock().unlock();
      }
      volume.exclusively(() -> 0); // what was appended before now is in the journal
      Set<Integer> dead = new TreeSet<>();
      Map<Integer, Long> live = liveBytes();
      for (int pack : sealed()) {
        if (live.getOrDefault(pack, 0L) == 0) {
          dead.add(pack);
        }
      }
      dead.removeIf(pack -> !volume.journal().neededFrom(p -> p == pack).isEmpty());
      delete(dead);
    } catch (IOException e) {
      LOG.warn(
          "{}: space of an aborted put was not freed: {}", volume.errors().name(), e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** Packs that may be deleted: no longer written, and not kept aside for their damage. */
  private List<Integer> sealed() {
    List<Integer> packs = new ArrayList<>(volume.files().numbers());
    packs.remove((Integer) volume.stream().openPack());
    packs.removeIf(volume.damage()::isQuarantined);
    return packs;
  }

  private Map<Integer, Long> liveBytes() {
    Map<Integer, Long> live = new HashMap<>();
    volume
        .table()
        .forEach(
            (hash, location) ->
                live.merge(
                    location.pack(),
                    (long) location.form().stored()
                        + Layout.RUN_ENTRY_BYTES
                        + Layout.FOOTER_BLOCK_BYTES,
                    Long::sum));
    for (CommitRecord record : volume.journal().neededFrom(pack -> true)) {
      live.merge(record.place().pack(), 2L * record.place().length(), Long::sum);
    }
    return live;
  }

  /** Bytes that a collection may write beyond what frees room at once. */
  private long mostRepacked() throws IOException {
    return Math.min(
        (long) (volume.table().storedBytes() * REPACKED_SHARE) + volume.packTarget(),
        volume.freeForPuts() / 2);
  }

  /** Not on a volume that is nearly full: what is copied takes room until it is compacted. */
  private void repack(Relocation relocation, Cancellation cancellation) throws IOException {
    try {
      new Repacking(volume, relocation).run(mostRepacked(), cancellation);
    } catch (LarderException e) {
      if (e.code() != ErrorCode.TIER_FULL) {
        throw e;
      }
      LOG.info("{}: no room to let artifacts lie together again", volume.errors().name());
    }
  }

  private CollectionReport compact(Relocation relocation, Cancellation cancellation)
      throws IOException {
    sealIfWasteful();
    volume.exclusively(() -> 0); // what was appended to sealed packs is in the journal now
    Map<Integer, Long> live = liveBytes();
    Set<Integer> victims = victims(live);
    long deleted = 0;
    long freed = 0;
    Set<Integer> batch = new TreeSet<>();
    long batchBytes = 0;
    List<Integer> leastFirst = new ArrayList<>(victims);
    leastFirst.sort(Comparator.comparingLong(pack -> live.getOrDefault(pack, 0L)));
    for (int i = 0; i < leastFirst.size(); i++) {
      int pack = leastFirst.get(i);
      batch.add(pack);
      batchBytes += live.getOrDefault(pack, 0L);
      boolean last = i == leastFirst.size() - 1;
      long next = last ? 0 : live.getOrDefault(leastFirst.get(i + 1), 0L);
      if (last || batchBytes + next > volume.packTarget()) {
        long bytes = batch.stream().mapToLong(volume.files()::size).sum();
        if (move(relocation, batch, cancellation)) {
          deleted += batch.size();
          freed += bytes;
        }
        batch.clear();
        batchBytes = 0;
      }
    }
    long moved = relocation.movedBytes();
    return new CollectionReport(0, 0, deleted, Math.max(0, freed - moved), moved);
  }

  private Relocation relocation(Pace pace) {
    return new Relocation(
        volume.stream(),
        volume.table(),
        volume.journal(),
        volume.manifests(),
        volume.packBlocks(),
        volume.errors(),
        pace);
  }

  private void sealIfWasteful() throws IOException {
    PackStream stream = volume.stream();
    stream.lock().lock();
    try {
      int open = stream.openPack();
      if (open == 0 || stream.discardIfDead()) {
        return;
      }
      if (liveBytes().getOrDefault(open, 0L) < LIVE_SHARE * volume.files().size(open)) {
        stream.seal();
      }
    } finally {
      stream.lock().unlock();
    }
  }

  private Set<Integer> victims(Map<Integer, Long> live) {
    Set<Integer> victims = new HashSet<>();
    List<Integer> small = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    long dead = 0;
    for (int pack : sealed()) {
      long size = volume.files().size(pack);
      dead += dead(pack, live);
      if (live.getOrDefault(pack, 0L) < LIVE_SHARE * size) {
        victims.add(pack);
        continue;
      }
      others.add(pack);
      if (size < volume.packTarget() / 8) {
        small.add(pack);
      }
    }
    addWasteful(victims, others, live, dead);
    if (small.size() >= SMALL_PACKS) {
      victims.addAll(small);
    }
    return victims;
  }

  /** Those with the most dead bytes, until few are left in packs that stay. */
  private void addWasteful(
      Set<Integer> victims, List<Integer> others, Map<Integer, Long> live, long dead) {
    long left = others.stream().mapToLong(pack -> dead(pack, live)).sum();
    others.sort(Comparator.comparingLong((Integer pack) -> dead(pack, live)).reversed());
    long alive = live.values().stream().mapToLong(bytes -> bytes).sum();
    double enough = alive <= volume.packTarget() ? NOTHING_TO_GAIN : LITTLE_TO_GAIN;
    for (int pack : others) {
      if (left <= DEAD_LEFT * dead) {
        return;
      }
      if (live.getOrDefault(pack, 0L) < enough * volume.files().size(pack)) {
        victims.add(pack);
        left -= dead(pack, live);
      }
    }
  }

  private long dead(int pack, Map<Integer, Long> live) {
    return Math.max(0, volume.files().size(pack) - live.getOrDefault(pack, 0L));
  }

  /** False if something in the packs is damaged, or there is no room: they stay as they are. */
  private boolean move(Relocation relocation, Set<Integer> packs, Cancellation cancellation)
      throws IOException {
    try {
      relocation.run(packs, cancellation);
    } catch (LarderException e) {
      if (e.code() != ErrorCode.CORRUPT && e.code() != ErrorCode.TIER_FULL) {
        throw e;
      }
      LOG.warn("{}: packs {} are kept: {}", volume.errors().name(), packs, e.getMessage());
      return false;
    }
    delete(packs);
    return true;
  }

  private void delete(Set<Integer> packs) throws IOException {
    if (packs.isEmpty()) {
      return;
    }
    PackStream stream = volume.stream();
    stream.lock().lock();
    try {
      volume.saveFloors();
    } finally {
      stream.lock().unlock();
    }
    for (int pack : packs) {
      volume.files().delete(pack);
      volume.damage().release(pack);
      volume.journal().forget(p -> p == pack);
    }
  }
}
