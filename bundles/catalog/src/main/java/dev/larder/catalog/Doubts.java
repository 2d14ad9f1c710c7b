package dev.larder.catalog;

import java.sql.SQLException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Volumes whose rows may be incomplete. A volume is taken out before its snapshot is asked for, so
 * a change that is lost while it is in here is always in that snapshot.
 */
final class Doubts {

  private final Set<UUID> known = ConcurrentHashMap.newKeySet();
  private final Set<UUID> pending = ConcurrentHashMap.newKeySet();
  private volatile boolean settling;

  /** Notes that the volume is one of those that are reported here. */
  void know(UUID volume) {
    known.add(volume);
  }

  void forget(UUID volume) {
    known.remove(volume);
    pending.remove(volume);
  }

  void raise(UUID volume) {
    pending.add(volume);
  }

  void raiseAll() {
    pending.addAll(known);
  }

  boolean contains(UUID volume) {
    return pending.contains(volume);
  }

  /** Whether nothing is in doubt or being settled. */
  boolean none() {
    return !settling && pending.isEmpty();
  }

  /** What settles one volume. */
  interface Settler {
    void settle(UUID volume) throws SQLException;
  }

  /** Settles each that is pending now. */
  void settle(Settler settler) throws SQLException {
    settling = true;
    try {
      for (UUID volume : Set.copyOf(pending)) {
        if (pending.remove(volume)) {
          settler.settle(volume);
        }
      }
    } finally {
      settling = false;
    }
  }
}
