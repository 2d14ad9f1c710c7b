package dev.larder.itest.faults;

import static java.util.stream.Collectors.toSet;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What one volume has promised: what was acknowledged, what is in doubt, and so what may be found
 * on it. Knows nothing of how a volume works.
 */
final class Oracle {

  private final Set<Digest> artifacts = new HashSet<>();
  private final TreeMap<Stamp, ReferenceChange> changes = new TreeMap<>();

  /** Changes that a collection was allowed to let go, and that may still be there. */
  private final Set<Stamp> superfluous = new HashSet<>();

  /** Those of them to which an older change of the same name came after they could be gone. */
  private final Set<Stamp> excused = new HashSet<>();

  private final List<Intent> doubts = new ArrayList<>();

  /** Whatever was asked for, ever: more than this is not on the volume even if it lost much. */
  private final Set<Digest> everAdded = new HashSet<>();

  private final Set<ReferenceChange> everPointed = new HashSet<>();

  /** Replicas that are there for sure. */
  Set<Digest> artifacts() {
    return artifacts;
  }

  /** Changes of references that are there for sure, by stamp. */
  Collection<ReferenceChange> changes() {
    return changes.values().stream()
        .filter(change -> !superfluous.contains(change.stamp()))
        .toList();
  }

  /** What a commit is about to change; in doubt until it is said how it went. */
  void intends(Intent intent) {
    doubts.add(intent);
    everAdded.addAll(intent.adds());
    everPointed.addAll(intent.points());
  }

  void acknowledged(Intent intent) {
    forget(intent);
    intent.applyTo(artifacts);
    for (ReferenceChange change : intent.points()) {
      changes.put(change.stamp(), change);
      superfluous.remove(change.stamp());
    }
    intent.points().forEach(this::excuse);
  }

  private void excuse(ReferenceChange older) {
    changes.tailMap(older.stamp(), false).values().stream()
        .filter(change -> change.reference().equals(older.reference()))
        .map(ReferenceChange::stamp)
        .filter(superfluous::contains)
        .forEach(excused::add);
  }

  void refused(Intent intent) {
    forget(intent);
  }

  private void forget(Intent intent) {
    doubts.removeIf(doubt -> doubt == intent);
  }

  boolean inDoubt() {
    return !doubts.isEmpty();
  }

  /** Artifacts that may have come or gone. */
  Set<Digest> doubted() {
    return doubts.stream().flatMap(doubt -> doubt.touched().stream()).collect(toSet());
  }

  /** A collection may let go of all changes but these. */
  void needsOnly(Set<ReferenceChange> needed) {
    for (ReferenceChange change : changes.values()) {
      if (!needed.contains(change)) {
        superfluous.add(change.stamp());
      }
    }
  }

  /** While it is open: exactly what was acknowledged is visible, and nothing that failed. */
  void checkLive(Set<Digest> found, Collection<ReferenceChange> foundChanges) {
    Set<Digest> unclear = doubts.stream().flatMap(d -> d.drops().stream()).collect(toSet());
    for (Digest digest : artifacts) {
      require(
          found.contains(digest) || unclear.contains(digest), () -> "lost while open: " + digest);
    }
    for (Digest digest : found) {
      require(
          artifacts.contains(digest) || unclear.contains(digest),
          () -> "appeared while open: " + digest);
    }
    Set<ReferenceChange> seen = new HashSet<>(foundChanges);
    for (ReferenceChange change : changes()) {
      require(seen.contains(change), () -> "reference lost while open: " + change);
    }
    for (ReferenceChange change : seen) {
      require(
          change.equals(changes.get(change.stamp())),
          () -> "reference appeared while open: " + change);
    }
  }

  /**
   * After it was opened: what was acknowledged is there, and nothing but that and what was in
   * doubt. From then on what was found is certain.
   */
  void settle(Set<Digest> found, Collection<ReferenceChange> foundChanges) {
    Map<Stamp, ReferenceChange> seen = new TreeMap<>();
    foundChanges.forEach(change -> seen.put(change.stamp(), change));
    Set<Digest> unclear = new HashSet<>();
    for (Intent doubt : doubts) {
      settle(doubt, seen, unclear);
    }
    doubts.clear();
    for (Digest digest : artifacts) {
      require(
          found.contains(digest) || unclear.contains(digest),
          () -> "acknowledged, but lost: " + digest);
    }
    for (Digest digest : found) {
      require(
          artifacts.contains(digest) || unclear.contains(digest),
          () -> "nobody asked for it, but it is there: " + digest);
    }
    settleReferences(seen);
    artifacts.clear();
    artifacts.addAll(found);
  }

  private void settle(Intent doubt, Map<Stamp, ReferenceChange> seen, Set<Digest> unclear) {
    if (doubt.points().isEmpty()) {
      unclear.addAll(doubt.touched());
      return;
    }
    List<ReferenceChange> there =
        doubt.points().stream().filter(change -> change.equals(seen.get(change.stamp()))).toList();
    List<ReferenceChange> before =
        doubt.points().stream().filter(change -> changes.containsKey(change.stamp())).toList();
    if (!before.isEmpty()) {
      unclear.addAll(doubt.touched()); // carried back: it may be the former record that is seen
      there.forEach(change -> changes.put(change.stamp(), change));
      there.forEach(this::excuse);
      return;
    }
    require(
        there.isEmpty() || there.size() == doubt.points().size(),
        () -> "a commit by halves: of " + doubt + " there are " + there);
    if (!there.isEmpty()) {
      doubt.applyTo(artifacts);
      unclear.removeAll(doubt.touched());
      there.forEach(change -> changes.put(change.stamp(), change));
      there.forEach(this::excuse);
    }
  }

  private void settleReferences(Map<Stamp, ReferenceChange> seen) {
    for (ReferenceChange change : seen.values()) {
      require(
          change.equals(changes.get(change.stamp())),
          () -> "nobody asked for it, but a reference changed: " + change);
    }
    Set<Reference> names = new HashSet<>();
    seen.values().forEach(change -> names.add(change.reference()));
    for (ReferenceChange change : changes.values()) {
      boolean needed = !superfluous.contains(change.stamp());
      boolean newest = newest(change.reference()).filter(change::equals).isPresent();
      require(
          seen.containsKey(change.stamp())
              || !(needed || newest && names.contains(change.reference())),
          () -> "a reference lost what was acknowledged: " + change);
    }
    changes.keySet().retainAll(seen.keySet());
    superfluous.clear();
    excused.clear();
  }

  private Optional<ReferenceChange> newest(Reference reference) {
    return changes.descendingMap().values().stream()
        .filter(change -> change.reference().equals(reference))
        .filter(change -> !excused.contains(change.stamp()))
        .findFirst();
  }

  /** After a medium that lies or rots: it may have lost anything, but nothing was made up. */
  void settleAfterLoss(Set<Digest> found, Collection<ReferenceChange> foundChanges) {
    for (Digest digest : found) {
      require(everAdded.contains(digest), () -> "nobody ever put it, but it is there: " + digest);
    }
    for (ReferenceChange change : foundChanges) {
      require(
          everPointed.contains(change), () -> "nobody ever asked for this reference: " + change);
    }
    doubts.clear();
    superfluous.clear();
    excused.clear();
    artifacts.clear();
    artifacts.addAll(found);
    changes.clear();
    foundChanges.forEach(change -> changes.put(change.stamp(), change));
  }

  static void require(boolean holds, Supplier<String> otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise.get());
    }
  }
}
