package dev.larder.tiering;

import dev.larder.api.CollectionReport;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Maintenance;
import dev.larder.api.RebalanceReport;
import dev.larder.api.RepairReport;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Maintenance, as users call it. */
final class MaintenanceService implements Maintenance {

  private static final Duration REBUILD_TIME = Duration.ofMinutes(10);
  private static final long LOOK_MILLIS = 20;

  private final Access access;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition never = lock.newCondition();

  MaintenanceService(Access access) {
    this.access = access;
  }

  @Override
  public CollectionReport collect() throws LarderException {
    Gateway gateway = access.gateway();
    gateway.settling.await();
    return Failures.typed("collection", () -> gateway.collector.collect(Cancellation.NEVER));
  }

  @Override
  public ScrubReport scrub(Optional<String> name) throws LarderException {
    Gateway gateway = access.gateway();
    gateway.settling.await();
    List<Tier> tiers =
        name.isPresent() ? List.of(gateway.tiers.require(name.get())) : gateway.tiers.all();
    if (name.isPresent()) {
      tiers.get(0).use(gateway.settings.patience()).close(); // says why it cannot be scrubbed
    }
    return Failures.typed("scrub", () -> gateway.scrubber.scrub(tiers, Cancellation.NEVER));
  }

  @Override
  public RepairReport repair(boolean purge) throws LarderException {
    Gateway gateway = access.gateway();
    gateway.settling.await();
    return Failures.typed("repair", () -> gateway.repairer.repair(purge, Cancellation.NEVER));
  }

  @Override
  public RebalanceReport rebalance() throws LarderException {
    Gateway gateway = access.gateway();
    gateway.settling.await();
    return Failures.typed("rebalancing", gateway.mover::rebalance);
  }

  @Override
  public long rebuildCatalog() throws LarderException {
    Gateway gateway = access.gateway();
    gateway.settling.await();
    gateway.catalog.clear();
    for (Tier tier : gateway.tiers.all()) {
      Optional<TierUse> use = tier.tryUse();
      if (use.isPresent()) {
        try (TierUse held = use.get()) {
          gateway.catalog.synchronise(gateway.journal.snapshot(tier, held.volume()));
        }
      }
    }
    try {
      if (!gateway.catalog.awaitApplied(REBUILD_TIME)) {
        throw new LarderException(
            ErrorCode.UNAVAILABLE, "the catalog is not filled yet", "see 'larder health'");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "interrupted while the catalog was filled", "it goes on", e);
    }
    return gateway.catalog.list().size();
  }

  @Override
  public boolean awaitIdle(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Optional<Gateway> gateway = access.ifOpen();
      long left = deadline - System.nanoTime();
      if (gateway.isPresent()
          && gateway.get().idle()
          && gateway.get().catalog.awaitApplied(Duration.ofNanos(Math.max(0, left)))
          && gateway.get().idle()) {
        return true;
      }
      if (left <= 0) {
        return false;
      }
      pause(Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)));
    }
  }

  private void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0) {
        left = never.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
