package dev.larder.tiering.ram;

import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.Reference;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/** Ends and renews leases. Any thread; looks at processes with no lock held. */
final class LeaseDesk {

  private final Residency residency;
  private final Processes processes;
  private final LongSupplier nanoTime;

  LeaseDesk(Residency residency, Processes processes, LongSupplier nanoTime) {
    this.residency = residency;
    this.processes = processes;
    this.nanoTime = nanoTime;
  }

  void release(String lease) throws LarderException {
    boolean known =
        residency.withLeases(
            leases -> {
              LeaseTable.Held held = leases.find(lease);
              if (held == null) {
                return false;
              }
              leases.release(held);
              return true;
            });
    if (!known) {
      throw unknown(lease);
    }
  }

  private static LarderException unknown(String lease) {
    return LarderException.notFound(
        "no lease '" + lease + "'", "it may have ended; see 'larder leases'");
  }

  int release(Reference reference) {
    return residency.withLeases(
        leases -> leases.endIf(held -> held.terms.reference().equals(reference)));
  }

  Lease renew(String lease, Duration remaining) throws LarderException {
    long now = nanoTime.getAsLong();
    Lease renewed =
        residency.withLeases(
            leases -> {
              leases.expire(now);
              LeaseTable.Held held = leases.find(lease);
              if (held == null) {
                return null;
              }
              LeaseTable.renew(held, remaining, now);
              return held.view(now);
            });
    if (renewed == null) {
      throw unknown(lease);
    }
    return renewed;
  }

  List<Lease> leases() {
    long now = nanoTime.getAsLong();
    return residency.withLeases(
        leases -> leases.all().stream().map(held -> held.view(now)).toList());
  }

  OptionalLong startOf(OptionalLong pid) throws LarderException {
    if (pid.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong start = processes.startOf(pid.getAsLong());
    if (start.isEmpty()) {
      throw LarderException.notFound(
          "no process " + pid.getAsLong() + " for a lease to end with", "");
    }
    return start;
  }

  /** Ends leases whose time or process has ended. */
  void endOverdue() {
    endOfEndedProcesses();
    long now = nanoTime.getAsLong();
    residency.withLeases(leases -> leases.expire(now));
  }

  /** Ends leases whose process has ended; true if there were any. */
  boolean endOfEndedProcesses() {
    List<LeaseTable.Held> bound =
        residency.withLeases(
            leases -> leases.all().stream().filter(h -> h.terms.pid().isPresent()).toList());
    Set<String> ended = new HashSet<>();
    for (LeaseTable.Held held : bound) {
      OptionalLong start = processes.startOf(held.terms.pid().orElse(-1));
      if (!start.equals(held.terms.processStart())) {
        ended.add(held.id);
      }
    }
    return !ended.isEmpty()
        && residency.withLeases(leases -> leases.endIf(h -> ended.contains(h.id))) > 0;
  }
}
