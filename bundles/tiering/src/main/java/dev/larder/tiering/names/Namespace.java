package dev.larder.tiering.names;

import dev.larder.api.Digest;
import dev.larder.api.HistoryEntry;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import dev.larder.tiering.names.NameRecord.Held;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/**
 * What all references stand for: the changes that the volumes hold, merged by their stamps. Of two
 * changes the one with the higher stamp counts, wherever it is. A volume that was detached stays
 * known, so that what is on it is reported as unavailable and not as unknown.
 *
 * <p>Any thread. Reading takes no lock.
 */
public final class Namespace {

  /** Deletions that are remembered on each volume, for volumes that are away and come back. */
  private static final int KEPT_TOMBSTONES = 10_000;

  /** No tag sorts before it. */
  private static final String LEAST_TAG = "0";

  private final int keptHistory;
  private final ConcurrentNavigableMap<Reference, NameRecord> names = new ConcurrentSkipListMap<>();

  /**
   * An empty namespace.
   *
   * @param keptHistory entries of a history that keep their artifacts
   */
  public Namespace(int keptHistory) {
    this.keptHistory = keptHistory;
  }

  /** Takes up what a volume holds, in place of what was known of it. */
  public void attach(UUID volume, Collection<ReferenceChange> changes) {
    Set<ReferenceChange> held = new HashSet<>(changes);
    changes.forEach(change -> add(volume, change));
    List<ReferenceChange> stale = new ArrayList<>();
    for (NameRecord name : names.values()) {
      for (Held known : name.changes()) {
        if (known.volumes().contains(volume) && !held.contains(known.change())) {
          stale.add(known.change());
        }
      }
    }
    forget(volume, stale);
  }

  /** Takes up one change that a volume has made durable. */
  public void add(UUID volume, ReferenceChange change) {
    names.compute(change.reference(), (name, before) -> NameRecord.with(before, change, volume));
  }

  /** Forgets changes that a volume no longer holds. */
  public void forget(UUID volume, Collection<ReferenceChange> changes) {
    Map<Reference, Set<ReferenceChange>> byName = new HashMap<>();
    changes.forEach(
        change -> byName.computeIfAbsent(change.reference(), n -> new HashSet<>()).add(change));
    byName.forEach(
        (name, gone) -> names.computeIfPresent(name, (n, before) -> before.without(volume, gone)));
  }

  /** Forgets a volume that is no longer a tier. */
  public void forget(UUID volume) {
    attach(volume, List.of());
  }

  /** What a reference stands for; empty if it is unknown or deleted. */
  public Optional<Digest> target(Reference reference) {
    return Optional.ofNullable(names.get(reference)).flatMap(NameRecord::target);
  }

  /** The change that decides what a reference stands for; a tombstone too. */
  public Optional<ReferenceChange> newest(Reference reference) {
    return Optional.ofNullable(names.get(reference)).map(name -> name.newest().change());
  }

  /** Lamport counter of the change that the next one supersedes; 0 for a new name. */
  public long superseded(Reference reference) {
    return newest(reference).map(ReferenceChange::stamp).map(Stamp::lamport).orElse(0L);
  }

  /**
   * The artifact that was most recently put under a name, whatever its tag.
   *
   * @param wanted which ones count
   */
  public Optional<Digest> newestOf(String name, Predicate<Digest> wanted) {
    return names.tailMap(new Reference(name, LEAST_TAG)).entrySet().stream()
        .takeWhile(entry -> entry.getKey().name().equals(name))
        .map(entry -> entry.getValue().newest().change())
        .filter(change -> change.target().filter(wanted).isPresent())
        .max(Comparator.comparing(ReferenceChange::stamp))
        .flatMap(ReferenceChange::target);
  }

  /** All live references with the changes that made them what they are: a snapshot, sorted. */
  public List<ReferenceChange> live() {
    return names.values().stream()
        .map(name -> name.newest().change())
        .filter(change -> change.target().isPresent())
        .sorted(Comparator.comparing(ReferenceChange::reference))
        .toList();
  }

  /** How often each artifact is referred to now. */
  public Map<Digest, Integer> targets() {
    Map<Digest, Integer> targets = new HashMap<>();
    for (NameRecord name : names.values()) {
      name.target().ifPresent(digest -> targets.merge(digest, 1, Integer::sum));
    }
    return targets;
  }

  /** What a live reference stood for, newest first; empty if it is unknown or deleted. */
  public List<HistoryEntry> history(Reference reference) {
    NameRecord name = names.get(reference);
    if (name == null) {
      return List.of();
    }
    List<HistoryEntry> entries = new ArrayList<>();
    for (Held held : name.history(keptHistory)) {
      entries.add(
          new HistoryEntry(
              held.change().target().orElseThrow(),
              Instant.ofEpochMilli(held.change().stamp().wallMillis()),
              entries.isEmpty()));
    }
    return entries;
  }

  /** What a reference stood for before what it stands for now. */
  public Optional<Digest> previous(Reference reference) {
    NameRecord name = names.get(reference);
    if (name == null) {
      return Optional.empty();
    }
    return name.history(keptHistory).stream()
        .map(held -> held.change().target().orElseThrow())
        .filter(digest -> !name.target().equals(Optional.of(digest)))
        .findFirst();
  }

  /** Volumes that hold any change of a reference. */
  public Set<UUID> volumesOf(Reference reference) {
    NameRecord name = names.get(reference);
    return name == null ? Set.of() : name.volumes();
  }

  /** Volumes that hold just this change. */
  public Set<UUID> holders(ReferenceChange change) {
    NameRecord name = names.get(change.reference());
    return name == null
        ? Set.of()
        : name.changes().stream()
            .filter(held -> held.change().equals(change))
            .findFirst()
            .map(Held::volumes)
            .orElse(Set.of());
  }

  /** Volumes that hold what decides what a reference stands for. */
  public Set<UUID> newestHolders(Reference reference) {
    NameRecord name = names.get(reference);
    return name == null ? Set.of() : name.newest().volumes();
  }

  /** Live references to an artifact. */
  public List<Reference> referencesTo(Digest digest) {
    return live().stream()
        .filter(change -> change.target().equals(Optional.of(digest)))
        .map(ReferenceChange::reference)
        .toList();
  }

  /** Another version of an artifact: the newest that is wanted and has one of its names. */
  public Optional<Digest> versionOf(Digest digest, Predicate<Digest> wanted) {
    Predicate<Digest> other = wanted.and(candidate -> !candidate.equals(digest));
    return referencesTo(digest).stream()
        .map(Reference::name)
        .distinct()
        .flatMap(name -> newestOf(name, other).stream())
        .findFirst();
  }

  /** Changes on a volume that point at an artifact and are still needed, in order of stamps. */
  public List<ReferenceChange> neededChanges(UUID volume, Digest digest) {
    List<ReferenceChange> changes = new ArrayList<>();
    for (NameRecord name : names.values()) {
      for (Held held : name.history(keptHistory)) {
        if (held.volumes().contains(volume) && held.change().target().equals(Optional.of(digest))) {
          changes.add(held.change());
        }
      }
    }
    changes.sort(Comparator.comparing(ReferenceChange::stamp));
    return changes;
  }

  /** Artifacts that references or their histories keep. */
  public Set<Digest> keptArtifacts() {
    Set<Digest> kept = new HashSet<>();
    for (NameRecord name : names.values()) {
      name.history(keptHistory).forEach(held -> held.change().target().ifPresent(kept::add));
    }
    return kept;
  }

  /**
   * Changes that a volume must keep: the histories, and the newest deletions, which volumes that
   * are away have yet to be told of.
   */
  public Set<ReferenceChange> keptChanges(UUID volume) {
    Set<ReferenceChange> kept = new HashSet<>();
    List<ReferenceChange> tombstones = new ArrayList<>();
    for (NameRecord name : names.values()) {
      for (Held held : name.history(keptHistory)) {
        if (held.volumes().contains(volume)) {
          kept.add(held.change());
        }
      }
      name.changes().stream()
          .filter(held -> held.change().target().isEmpty())
          .findFirst()
          .filter(held -> held.volumes().contains(volume))
          .ifPresent(held -> tombstones.add(held.change()));
    }
    tombstones.stream()
        .sorted(Comparator.comparing(ReferenceChange::stamp).reversed())
        .limit(KEPT_TOMBSTONES)
        .forEach(kept::add);
    return kept;
  }

  /**
   * Changes that a volume has missed: of names that it knows, where another one holds the newest. A
   * deletion may be among them, and a change whose artifact is elsewhere.
   */
  public List<ReferenceChange> missedChanges(UUID volume) {
    List<ReferenceChange> missed = new ArrayList<>();
    for (NameRecord name : names.values()) {
      Held newest = name.newest();
      if (!newest.volumes().contains(volume) && name.volumes().contains(volume)) {
        missed.add(newest.change());
      }
    }
    missed.sort(Comparator.comparing(ReferenceChange::stamp));
    return missed;
  }

  /** Of these changes the ones that a volume has yet to be told of: it has older ones. */
  public List<ReferenceChange> untold(UUID volume, Collection<ReferenceChange> changes) {
    List<ReferenceChange> untold = new ArrayList<>();
    for (ReferenceChange change : changes) {
      NameRecord name = names.get(change.reference());
      if (name != null
          && name.newest().change().equals(change)
          && !name.newest().volumes().contains(volume)
          && name.volumes().contains(volume)) {
        untold.add(change);
      }
    }
    return untold;
  }

  /** Whether a change decides what its reference stands for. */
  public boolean isNewest(ReferenceChange change) {
    return newest(change.reference()).equals(Optional.of(change));
  }

  /** Live references whose newest change only these volumes hold. */
  public List<Reference> onlyOn(Set<UUID> volumes) {
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().target().isPresent())
        .filter(entry -> volumes.containsAll(entry.getValue().newest().volumes()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
