package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.RamFullException;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.spi.media.Cancellation;
import dev.larder.tiering.ledger.AccessFeed;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.ledger.Ranking;
import dev.larder.tiering.ledger.RankingTurn;
import dev.larder.tiering.ram.Evictor.Detached;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Sets room aside for loads and evicts what the policy values least. One load plans at a time. */
final class RoomMaker {

  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Left to the rest of the machine, and to the gateway itself. */
  private static final long SPARED_MEMORY = 32L << 20;

  private final RamFolder folder;
  private final MachineMemory memory;
  private final Residency residency;
  private final Evictor evictor;
  private final Ranking ranking;
  private final AccessFeed accesses;
  private final Duration roomWait;
  private final LongSupplier nanoTime;
  private final BooleanSupplier endedProcesses;

  RoomMaker(
      RamFolder folder,
      MachineMemory memory,
      Residency residency,
      Evictor evictor,
      Ranking ranking,
      AccessFeed accesses,
      Duration roomWait,
      LongSupplier nanoTime,
      BooleanSupplier endedProcesses) {
    this.folder = folder;
    this.memory = memory;
    this.residency = residency;
    this.evictor = evictor;
    this.ranking = ranking;
    this.accesses = accesses;
    this.roomWait = roomWait;
    this.nanoTime = nanoTime;
    this.endedProcesses = endedProcesses;
  }

  /** Fails with {@code TOO_LARGE_FOR_RAM} if there can never be room for so much. */
  void requireFits(String what, long size) throws LarderException {
    if (size > residency.limit()) {
      throw new LarderException(
          ErrorCode.TOO_LARGE_FOR_RAM,
          what
              + " has "
              + size
              + " bytes, the RAM cache at "
              + folder.root()
              + " may take "
              + residency.limit(),
          "raise $LARDER_RAM_LIMIT, of which ¾ of the tmpfs can be had (in a container --shm-size);"
              + " or read it with 'larder get'");
    }
  }

  /** Reserves room; see {@link RamCache#reserve}. */
  void reserve(Digest digest, long size, Cancellation cancellation) throws IOException {
    requireFits(digest.toString(), size);
    long deadline = nanoTime.getAsLong() + roomWait.toNanos();
    try {
      while (!attempt(digest, size, deadline)) {
        cancellation.check();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "interrupted while waiting for room in RAM", "try again", e);
    }
  }

  private boolean attempt(Digest digest, long size, long deadline)
      throws IOException, InterruptedException {
    long usable = usable();
    long now = nanoTime.getAsLong();
    switch (residency.tryReserve(digest, size, usable, now)) {
      case GRANTED -> {
        return true;
      }
      case EVICT -> makeRoom(size, usable);
      case WAIT -> {
        if (deadline - now <= 0) {
          throw full(digest, size, usable);
        }
        residency.awaitChange(Math.min(LOOK_AGAIN_NANOS, deadline - now));
      }
      case FULL -> {
        if (!endedProcesses.getAsBoolean()) {
          throw full(digest, size, usable);
        }
      }
    }
    return false;
  }

  private long usable() throws IOException {
    return Math.min(folder.usableBytes(), usableMemory());
  }

  /** The kernel kills somebody, us perhaps, rather than to refuse a write to tmpfs. */
  private long usableMemory() throws IOException {
    return folder.isMemory()
        ? Math.max(0, memory.availableBytes() - SPARED_MEMORY)
        : Long.MAX_VALUE;
  }

  private void makeRoom(long size, long usable) throws InterruptedException {
    List<Detached> detached = new ArrayList<>();
    try (RankingTurn turn = ranking.turn()) {
      accesses.drain(turn);
      Residency.Plan plan = residency.plan(size, usable);
      List<LedgerRecord> order = turn.order(plan.candidates());
      if (!ranking.isOver(turn)) { // else others have gone on, and the plan is an old one
        detach(arranged(order), plan.bytes(), turn, detached);
      }
    }
    detached.forEach(evictor::free);
  }

  /** The same order, but for what was loaded ahead. */
  private List<LedgerRecord> arranged(List<LedgerRecord> order) {
    return order.stream()
        .sorted(Comparator.comparingInt(entry -> residency.precedence(entry.key())))
        .toList();
  }

  /** See {@link RamCache#lossMicros}. */
  double lossMicros(long size, double accesses) throws IOException {
    long usable = usable();
    if (size > residency.limit()) {
      return Double.POSITIVE_INFINITY;
    }
    try (RankingTurn turn = ranking.turn()) {
      Residency.Plan plan = residency.plan(size, usable);
      long left = plan.bytes();
      double loss = 0;
      for (LedgerRecord entry : arranged(turn.order(plan.candidates()))) {
        if (left > 0 && residency.precedence(entry.key()) <= 0) {
          left -= entry.size();
          loss += entry.chanceWithin(accesses) * entry.reloadMicros();
        }
      }
      return left > 0 ? Double.POSITIVE_INFINITY : loss;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Double.POSITIVE_INFINITY;
    }
  }

  private void detach(
      List<LedgerRecord> order, long bytes, RankingTurn turn, List<Detached> detached) {
    long left = bytes;
    for (LedgerRecord entry : order) {
      if (left <= 0) {
        return;
      }
      Digest digest = residency.digestOf(entry.key());
      Detached victim = digest == null ? null : evictor.detach(digest, EvictionCause.PRESSURE);
      if (victim != null) {
        detached.add(victim);
        turn.evicted(entry);
        left -= victim.resident().size;
      }
    }
  }

  private LarderException full(Digest digest, long size, long usable) throws IOException {
    List<String> leases =
        residency.withLeases(all -> all.all().stream().map(LeaseTable.Held::describe).toList());
    if (leases.isEmpty() && usable < size) {
      return new LarderException(
          ErrorCode.RAM_FULL,
          (folder.usableBytes() <= usable
                  ? "the file system of the RAM cache at " + folder.root()
                  : "the machine or the control group of the gateway")
              + " has only "
              + usable
              + " bytes of memory left, "
              + digest
              + " needs "
              + size,
          "free memory there; what takes it does not belong to Larder");
    }
    List<String> named = leases.isEmpty() ? List.of("loads under way") : leases;
    return new RamFullException(digest.toString(), size, residency.limit(), named);
  }
}
