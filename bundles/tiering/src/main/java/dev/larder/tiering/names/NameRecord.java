package dev.larder.tiering.names;

import dev.larder.api.Digest;
import dev.larder.store.ReferenceChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All that is known of one reference: its changes, newest first, and who holds each. Immutable. */
final class NameRecord {

  /** A change and the volumes that hold it. */
  record Held(ReferenceChange change, Set<UUID> volumes) {}

  private static final Comparator<Held> NEWEST_FIRST =
      Comparator.comparing((Held held) -> held.change().stamp()).reversed();

  private final List<Held> changes;

  private NameRecord(List<Held> changes) {
    this.changes = changes;
  }

  /** A record with a change added; {@code before} is null for a name that was not known. */
  static NameRecord with(@Nullable NameRecord before, ReferenceChange change, UUID volume) {
    List<Held> after = new ArrayList<>(before == null ? List.of() : before.changes);
    for (int i = 0; i < after.size(); i++) {
      Held held = after.get(i);
      if (held.change().stamp().equals(change.stamp())) {
        after.set(i, new Held(held.change(), plus(held.volumes(), volume)));
        return new NameRecord(List.copyOf(after));
      }
    }
    after.add(new Held(change, Set.of(volume)));
    after.sort(NEWEST_FIRST);
    return new NameRecord(List.copyOf(after));
  }

  /** A record where a volume no longer holds some changes; null if nothing is left. */
  @Nullable NameRecord without(UUID volume, Collection<ReferenceChange> gone) {
    List<Held> after = new ArrayList<>();
    for (Held held : changes) {
      Set<UUID> rest =
          gone.contains(held.change()) ? minus(held.volumes(), volume) : held.volumes();
      if (!rest.isEmpty()) {
        after.add(new Held(held.change(), rest));
      }
    }
    return after.isEmpty() ? null : new NameRecord(List.copyOf(after));
  }

  private static Set<UUID> plus(Set<UUID> volumes, UUID volume) {
    Set<UUID> after = new HashSet<>(volumes);
    after.add(volume);
    return Set.copyOf(after);
  }

  private static Set<UUID> minus(Set<UUID> volumes, UUID volume) {
    Set<UUID> after = new HashSet<>(volumes);
    after.remove(volume);
    return Set.copyOf(after);
  }

  List<Held> changes() {
    return changes;
  }

  /** What decides: the change with the highest stamp. */
  Held newest() {
    return changes.get(0);
  }

  /** What the reference stands for; empty if it was deleted. */
  Optional<Digest> target() {
    return newest().change().target();
  }

  /** Changes since the last deletion, newest first, at most so many. */
  List<Held> history(int limit) {
    List<Held> history = new ArrayList<>();
    for (Held held : changes) {
      if (held.change().target().isEmpty() || history.size() == limit) {
        break;
      }
      history.add(held);
    }
    return history;
  }

  /** Volumes that hold any change. */
  Set<UUID> volumes() {
    Set<UUID> volumes = new HashSet<>();
    changes.forEach(held -> volumes.addAll(held.volumes()));
    return volumes;
  }
}
