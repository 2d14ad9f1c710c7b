package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.Reference;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The leases, oldest first. A client that swaps the same thing thousands of times without releasing
 * it is given leases of its own up to {@link #SHARED_FROM} on one artifact; further swaps share
 * one, which ends after as many releases, or at the latest of their times. So memory stays bounded.
 *
 * <p>Not safe for use by several threads: the cache has a lock.
 */
final class LeaseTable {

  /** From so many leases on one artifact further ones on like terms are shared. */
  static final int SHARED_FROM = 64;

  /** Most leases there may be. */
  static final int MOST = 65_536;

  private final Map<String, Held> leases = new LinkedHashMap<>();
  private final Map<Terms, Held> shared = new LinkedHashMap<>();

  /** What a shared lease has in common. */
  private record Terms(Digest digest, Reference reference, boolean pinned, OptionalLong pid) {}

  /** A lease that is held. */
  static final class Held {
    final String id;
    final Resident resident;
    final LeaseTerms terms;
    long deadline;
    int holders = 1;

    Held(String id, Resident resident, LeaseTerms terms, long deadline) {
      this.id = id;
      this.resident = resident;
      this.terms = terms;
      this.deadline = deadline;
    }

    private boolean overdue(long now) {
      return !terms.pinned() && deadline - now <= 0;
    }

    Lease view(long now) {
      return new Lease(
          id,
          terms.reference(),
          resident.digest,
          terms.pinned()
              ? Optional.empty()
              : Optional.of(Duration.ofNanos(Math.max(0, deadline - now))),
          terms.pid());
    }

    /** As an error message names it. */
    String describe() {
      return id + " (" + terms.reference() + ")";
    }

    private Terms common() {
      return new Terms(resident.digest, terms.reference(), terms.pinned(), terms.pid());
    }
  }

  /** Grants a lease; returns its id. */
  String grant(Resident resident, LeaseTerms terms, long now) throws LarderException {
    long deadline = now + terms.duration().toNanos();
    boolean share = resident.leases >= SHARED_FROM;
    if (share) {
      Held held = shared.get(new Held("", resident, terms, 0).common());
      if (held != null) {
        held.holders++;
        held.deadline = Math.max(held.deadline - now, deadline - now) + now;
        return held.id;
      }
    }
    if (leases.size() >= MOST) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE,
          "there are " + MOST + " leases already",
          "release those that are not needed, or let them last shorter");
    }
    Held held = new Held(newId(), resident, terms, deadline);
    leases.put(held.id, held);
    resident.leases++;
    if (share) {
      shared.put(held.common(), held);
    }
    return held.id;
  }

  private String newId() {
    String id;
    do {
      long random = ThreadLocalRandom.current().nextLong();
      id = String.format("%012x", random & 0xFFFF_FFFF_FFFFL);
    } while (leases.containsKey(id));
    return id;
  }

  @Nullable Held find(String id) {
    return leases.get(id);
  }

  /** One holder lets go; the last one ends the lease. */
  void release(Held held) {
    if (--held.holders == 0) {
      end(held);
    }
  }

  private void end(Held held) {
    leases.remove(held.id);
    shared.remove(held.common(), held);
    held.resident.leases--;
  }

  /** Ends all leases of some kind; tells how many. */
  int endIf(Predicate<Held> which) {
    List<Held> ending = leases.values().stream().filter(which).toList();
    ending.forEach(this::end);
    return ending.size();
  }

  /** Ends what is overdue; tells how many. */
  int expire(long now) {
    return endIf(held -> held.overdue(now));
  }

  /** Lets a lease end at another time, unless it is pinned. */
  static void renew(Held held, Duration remaining, long now) {
    long deadline = now + remaining.toNanos();
    boolean extend = held.holders > 1; // a shared one is never cut short
    held.deadline = extend ? Math.max(held.deadline - now, deadline - now) + now : deadline;
  }

  Collection<Held> all() {
    return leases.values();
  }

  Set<Reference> references(@Nullable Digest digest) {
    Set<Reference> references = new LinkedHashSet<>();
    for (Held held : leases.values()) {
      if (digest == null || held.resident.digest.equals(digest)) {
        references.add(held.terms.reference());
      }
    }
    return references;
  }
}
