package dev.larder.store.index;

import dev.larder.api.Digest;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What the commit records of a volume add up to. Records may be applied in any order: the higher
 * sequence number holds. Thread-safe.
 *
 * <p>It also knows the records that no longer count but still lie on the medium: a drop must stay
 * as long as a manifest that it ends, and a change of a reference as long as any record of an older
 * one.
 */
public final class Journal {

  private final Map<Digest, CommitRecord.Added> artifacts = new HashMap<>();
  private final Map<Digest, CommitRecord.Dropped> drops = new HashMap<>();
  private final Map<Digest, List<CommitRecord.Added>> ended = new HashMap<>();
  private final TreeMap<Stamp, CommitRecord.Pointed> references = new TreeMap<>();
  private final Map<Stamp, List<CommitRecord.Pointed>> shadowed = new HashMap<>();
  private final Set<Stamp> superfluous = new HashSet<>();
  private long lastSequence;
  private long lastLamport;
  private final Map<UUID, Long> gateways = new HashMap<>();

  /** Applies a record. */
  public synchronized void apply(CommitRecord record) {
    lastSequence = Math.max(lastSequence, record.sequence());
    lastLamport = Math.max(lastLamport, record.stamp().lamport());
    gateways.merge(record.stamp().gateway(), record.stamp().sequence(), Math::max);
    if (record instanceof CommitRecord.Added added) {
      add(added);
    } else if (record instanceof CommitRecord.Pointed pointed) {
      point(pointed);
    } else if (record instanceof CommitRecord.Dropped dropped) {
      drop(dropped);
    }
  }

  private static <T extends CommitRecord> T newer(T a, T b) {
    boolean second =
        a.sequence() != b.sequence()
            ? b.sequence() > a.sequence()
            : b.place().pack() > a.place().pack();
    return second ? b : a;
  }

  private void add(CommitRecord.Added added) {
    Digest digest = added.artifact().digest();
    CommitRecord.Dropped drop = drops.get(digest);
    if (drop != null && drop.sequence() > added.sequence()) {
      end(digest, added);
      return;
    }
    CommitRecord.Added known = artifacts.get(digest);
    if (known == null) {
      artifacts.put(digest, added);
      return;
    }
    CommitRecord.Added kept = newer(known, added);
    artifacts.put(digest, kept);
    end(digest, kept == known ? added : known);
  }

  private void point(CommitRecord.Pointed pointed) {
    Stamp stamp = pointed.stamp();
    CommitRecord.Pointed known = references.putIfAbsent(stamp, pointed);
    if (known != null) {
      CommitRecord.Pointed kept = newer(known, pointed);
      references.put(stamp, kept);
      shadowed.computeIfAbsent(stamp, s -> new ArrayList<>()).add(kept == known ? pointed : known);
    }
  }

  private void drop(CommitRecord.Dropped dropped) {
    Digest digest = dropped.digest();
    CommitRecord.Dropped kept = drops.merge(digest, dropped, Journal::newer);
    CommitRecord.Added known = artifacts.get(digest);
    if (known != null && known.sequence() < kept.sequence()) {
      artifacts.remove(digest);
      end(digest, known);
    }
  }

  private void end(Digest digest, CommitRecord.Added added) {
    ended.computeIfAbsent(digest, d -> new ArrayList<>()).add(added);
  }

  /** Sets what a superblock knows and no record shows. */
  public synchronized void raise(long sequence, long lamport) {
    lastSequence = Math.max(lastSequence, sequence);
    lastLamport = Math.max(lastLamport, lamport);
  }

  /** Sequence number of the newest record. */
  public synchronized long lastSequence() {
    return lastSequence;
  }

  /** Highest sequence number of a gateway; 0 if it never wrote. */
  public synchronized long lastSequenceOf(UUID gateway) {
    return gateways.getOrDefault(gateway, 0L);
  }

  /** Highest Lamport counter. */
  public synchronized long lastLamport() {
    return lastLamport;
  }

  /** A replica. */
  public synchronized Optional<ArtifactEntry> artifact(Digest digest) {
    return Optional.ofNullable(artifacts.get(digest)).map(CommitRecord.Added::artifact);
  }

  /** The commit record of a replica; null if it is not here. */
  public synchronized CommitRecord.@Nullable Added added(Digest digest) {
    return artifacts.get(digest);
  }

  /** All replicas. */
  public synchronized Collection<ArtifactEntry> artifacts() {
    return artifacts.values().stream().map(CommitRecord.Added::artifact).toList();
  }

  /** The commit records of all replicas. */
  public synchronized List<CommitRecord.Added> added() {
    return List.copyOf(artifacts.values());
  }

  /** All changes of references, in order of their stamps. */
  public synchronized List<ReferenceChange> references() {
    return references.values().stream()
        .filter(pointed -> !superfluous.contains(pointed.stamp()))
        .map(CommitRecord.Pointed::change)
        .toList();
  }

  /** Notes which changes of references nobody needs any more. */
  public synchronized void keepOnly(Set<ReferenceChange> needed) {
    superfluous.clear();
    for (CommitRecord.Pointed pointed : references.values()) {
      if (!needed.contains(pointed.change())) {
        superfluous.add(pointed.stamp());
      }
    }
  }

  /** The records that a collection has to carry over when it deletes some packs. */
  public synchronized List<CommitRecord> neededFrom(IntPredicate packs) {
    List<CommitRecord> needed = new ArrayList<>();
    for (CommitRecord.Added added : artifacts.values()) {
      if (packs.test(added.place().pack())) {
        needed.add(added);
      }
    }
    for (CommitRecord.Dropped dropped : drops.values()) {
      if (packs.test(dropped.place().pack()) && endsSomethingElsewhere(dropped, packs)) {
        needed.add(dropped);
      }
    }
    for (CommitRecord.Pointed pointed : references.values()) {
      if (packs.test(pointed.place().pack()) && needed(pointed, packs)) {
        needed.add(pointed);
      }
    }
    needed.sort((a, b) -> Long.compare(a.sequence(), b.sequence()));
    return needed;
  }

  private boolean endsSomethingElsewhere(CommitRecord.Dropped dropped, IntPredicate packs) {
    return ended.getOrDefault(dropped.digest(), List.of()).stream()
        .anyMatch(added -> !packs.test(added.place().pack()));
  }

  private boolean needed(CommitRecord.Pointed pointed, IntPredicate packs) {
    if (!superfluous.contains(pointed.stamp())) {
      return true;
    }
    return references.headMap(pointed.stamp()).values().stream()
        .anyMatch(
            older ->
                older.change().reference().equals(pointed.change().reference())
                    && liesElsewhere(older, packs));
  }

  private boolean liesElsewhere(CommitRecord.Pointed pointed, IntPredicate packs) {
    return !packs.test(pointed.place().pack())
        || shadowed.getOrDefault(pointed.stamp(), List.of()).stream()
            .anyMatch(other -> !packs.test(other.place().pack()));
  }

  /** A record lies at another place, too; it holds from now on. */
  public synchronized void moved(CommitRecord record, Place to) {
    if (record instanceof CommitRecord.Added added) {
      artifacts.replace(added.artifact().digest(), added, added.at(to));
    } else if (record instanceof CommitRecord.Pointed pointed) {
      references.replace(pointed.stamp(), pointed, pointed.at(to));
    } else if (record instanceof CommitRecord.Dropped dropped) {
      drops.replace(dropped.digest(), dropped, dropped.at(to));
    }
  }

  /** Forgets what lay in packs that are gone. */
  public synchronized void forget(IntPredicate packs) {
    drops.values().removeIf(dropped -> packs.test(dropped.place().pack()));
    shadowed.values().forEach(list -> list.removeIf(other -> packs.test(other.place().pack())));
    shadowed.values().removeIf(List::isEmpty);
    List.copyOf(references.values()).stream()
        .filter(pointed -> packs.test(pointed.place().pack()))
        .forEach(this::forget);
    ended.values().forEach(list -> list.removeIf(added -> packs.test(added.place().pack())));
    ended.values().removeIf(List::isEmpty);
    artifacts.values().removeIf(added -> packs.test(added.place().pack()));
  }

  /** The same change may lie elsewhere, too. */
  private void forget(CommitRecord.Pointed pointed) {
    Stamp stamp = pointed.stamp();
    List<CommitRecord.Pointed> others = shadowed.remove(stamp);
    references.remove(stamp);
    if (others == null) {
      superfluous.remove(stamp);
    } else {
      others.forEach(this::point);
    }
  }
}
