package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.ImportReport.Renamed;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.tiering.names.Namespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What becomes of the references of another gateway's volume. Depends on the two sides only, so
 * that an import that was cut off comes to the same again.
 *
 * <p>One whose name stands for something else here becomes {@code NAME:TAG.from-XXXXXXXX}, after
 * the gateway that set it last; if that is taken by something else, too, {@code …-2} and so on.
 * Deletions say nothing about the names of this gateway.
 */
final class ImportPlan {

  private static final int MAX_TAG = 128;

  private final Namespace names;
  private final int keptHistory;
  private final Predicate<Digest> isHere;
  private final Map<Reference, Digest> theirs = new HashMap<>();
  private final Set<Reference> given = new HashSet<>();
  private final List<Taken> taken = new ArrayList<>();
  private final List<Reference> elsewhere = new ArrayList<>();
  private long unchanged;

  /**
   * A reference that is taken over.
   *
   * @param from its name on the volume
   * @param to its name here
   * @param history contents that it had, oldest first; at least one
   */
  record Taken(Reference from, Reference to, List<ReferenceChange> history) {}

  /**
   * Makes the plan; nothing is changed.
   *
   * @param changes on the volume
   * @param isHere whether the volume has an artifact
   */
  ImportPlan(
      Namespace names, int keptHistory, List<ReferenceChange> changes, Predicate<Digest> isHere) {
    this.names = names;
    this.keptHistory = keptHistory;
    this.isHere = isHere;
    Map<Reference, List<ReferenceChange>> byName = byName(changes);
    byName.forEach((name, history) -> newest(history).target().ifPresent(d -> theirs.put(name, d)));
    byName.forEach(this::decide);
  }

  private static Map<Reference, List<ReferenceChange>> byName(List<ReferenceChange> changes) {
    Map<Reference, List<ReferenceChange>> byName = new TreeMap<>();
    for (ReferenceChange change : changes) {
      byName.computeIfAbsent(change.reference(), name -> new ArrayList<>()).add(change);
    }
    return byName;
  }

  private static ReferenceChange newest(List<ReferenceChange> history) {
    return history.get(history.size() - 1);
  }

  private void decide(Reference name, List<ReferenceChange> changes) {
    ReferenceChange newest = newest(changes);
    if (newest.target().isEmpty()) {
      return; // deleted there
    }
    Digest digest = newest.target().get();
    if (!isHere.test(digest)) {
      elsewhere.add(name);
      return;
    }
    Optional<Digest> ours = names.target(name);
    if (ours.isEmpty() && given.add(name)) {
      taken.add(new Taken(name, name, history(changes)));
    } else if (ours.equals(Optional.of(digest))) {
      unchanged++;
    } else {
      rename(name, newest, history(changes));
    }
  }

  private void rename(Reference name, ReferenceChange newest, List<ReferenceChange> history) {
    String suffix = ".from-" + newest.stamp().gateway().toString().substring(0, 8);
    for (int i = 1; ; i++) {
      Reference free = withSuffix(name, i == 1 ? suffix : suffix + "-" + i);
      Optional<Digest> ours = names.target(free);
      if (ours.equals(newest.target())) {
        unchanged++;
        return;
      }
      if (ours.isEmpty() && !theirs.containsKey(free) && given.add(free)) {
        taken.add(new Taken(name, free, history));
        return;
      }
    }
  }

  private static Reference withSuffix(Reference name, String suffix) {
    String tag = name.tag();
    int room = MAX_TAG - suffix.length();
    return new Reference(
        name.name(), (tag.length() <= room ? tag : tag.substring(0, room)) + suffix);
  }

  /** Contents since the last deletion that are here, oldest first, without repetitions. */
  private List<ReferenceChange> history(List<ReferenceChange> changes) {
    List<ReferenceChange> history = new ArrayList<>();
    Optional<Digest> after = Optional.empty();
    for (int i = changes.size() - 1; i >= 0 && history.size() < keptHistory; i--) {
      ReferenceChange change = changes.get(i);
      if (change.target().isEmpty()) {
        break;
      }
      if (isHere.test(change.target().get()) && !change.target().equals(after)) {
        history.add(change);
        after = change.target();
      }
    }
    Collections.reverse(history);
    return history;
  }

  /** What is taken over, by name. */
  List<Taken> taken() {
    return taken;
  }

  /** Names that are as they were. */
  List<Reference> kept() {
    return taken.stream().filter(one -> one.from().equals(one.to())).map(Taken::to).toList();
  }

  /** Names that are others. */
  List<Renamed> renamed() {
    return taken.stream()
        .filter(one -> !one.from().equals(one.to()))
        .map(one -> new Renamed(one.from(), one.to()))
        .toList();
  }

  /** How many stand for the same here. */
  long unchanged() {
    return unchanged;
  }

  /** Names whose newest content the volume does not have. */
  List<Reference> elsewhere() {
    return elsewhere;
  }
}
