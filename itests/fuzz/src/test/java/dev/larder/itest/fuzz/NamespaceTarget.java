package dev.larder.itest.fuzz;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.tiering.names.Namespace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The names of a gateway, as volumes with any changes on them come and go. Whatever the order, what
 * a name stands for is told by the newest change that some attached volume holds.
 */
final class NamespaceTarget {

  private static final int VOLUMES = 3;
  private static final int NAMES = 3;
  private static final int MOST_CHANGES = 40;

  private NamespaceTarget() {}

  static void take(byte[] input) {
    Bytes in = new Bytes(input);
    Map<UUID, List<ReferenceChange>> held = new HashMap<>();
    for (int i = 0; i < VOLUMES; i++) {
      held.put(new UUID(0, i), new ArrayList<>());
    }
    Namespace inOrder = new Namespace(5);
    List<ReferenceChange> made = new ArrayList<>();
    while (in.more() && made.size() < MOST_CHANGES) {
      step(in, held, made, inOrder);
    }
    Namespace backwards = new Namespace(5);
    List<UUID> volumes = new ArrayList<>(held.keySet());
    Collections.sort(volumes, Collections.reverseOrder());
    volumes.forEach(volume -> backwards.attach(volume, held.get(volume)));
    Map<Reference, ReferenceChange> expected = newest(held);
    for (int i = 0; i < NAMES; i++) {
      Reference name = new Reference("n" + i, "latest");
      Optional<Digest> target =
          Optional.ofNullable(expected.get(name)).flatMap(ReferenceChange::target);
      require(target, inOrder.target(name), name);
      require(target, backwards.target(name), name);
      require(inOrder.history(name), backwards.history(name), name);
    }
  }

  private static void step(
      Bytes in,
      Map<UUID, List<ReferenceChange>> held,
      List<ReferenceChange> made,
      Namespace names) {
    UUID volume = new UUID(0, in.below(VOLUMES));
    List<ReferenceChange> there = Objects.requireNonNull(held.get(volume));
    switch (in.below(6)) {
      case 0 -> {
        there.clear();
        names.forget(volume);
      }
      case 1 -> {
        if (!there.isEmpty()) {
          ReferenceChange gone = there.remove(in.below(there.size()));
          names.forget(volume, List.of(gone));
        }
      }
      case 2 -> names.attach(volume, List.copyOf(there));
      case 3 -> {
        if (!made.isEmpty()) {
          add(volume, made.get(in.below(made.size())), there, names);
        }
      }
      default -> {
        ReferenceChange change = change(in, made.size());
        made.add(change);
        add(volume, change, there, names);
      }
    }
  }

  private static void add(
      UUID volume, ReferenceChange change, List<ReferenceChange> there, Namespace names) {
    if (!there.contains(change)) {
      there.add(change);
    }
    names.add(volume, change);
  }

  /** Its stamp is its own: no two changes of honest gateways have one stamp. */
  private static ReferenceChange change(Bytes in, int number) {
    Optional<Digest> target =
        in.onceIn(3) ? Optional.empty() : Optional.of(new Digest(in.below(4), 0, 0, 0));
    return new ReferenceChange(
        new Reference("n" + in.below(NAMES), "latest"),
        target,
        LyingPack.stamp(1 + in.below(8), new UUID(in.below(3), number), 1 + in.below(8)),
        in.next());
  }

  private static Map<Reference, ReferenceChange> newest(Map<UUID, List<ReferenceChange>> held) {
    Map<Reference, ReferenceChange> newest = new TreeMap<>();
    held.values()
        .forEach(
            changes ->
                changes.forEach(
                    change ->
                        newest.merge(
                            change.reference(),
                            change,
                            (a, b) -> a.stamp().compareTo(b.stamp()) >= 0 ? a : b)));
    return newest;
  }

  private static void require(Object expected, Object found, Reference name) {
    if (!expected.equals(found)) {
      throw new AssertionError(name + ": expected " + expected + ", found " + found);
    }
  }
}
