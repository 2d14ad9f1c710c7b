package dev.larder.media.simulated;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumGoneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk with a volatile write cache, in memory. What is on it outlives power cuts, removals and
 * the media that were opened on it; what was not forced need not.
 *
 * <p>The SPI's promises and nothing more: bytes are durable once they were forced, a pack's
 * existence with its first force; a deletion, a truncation and a superblock are durable on return
 * and never seen by halves. An operation that fails may have happened, in part where it can.
 *
 * <p>Safe for use by many threads. All state is guarded by the disk's monitor; nothing waits with
 * it held.
 */
public final class SimulatedDisk {

  private static final int STALE_BYTES = 64 << 10;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final DiskSpec spec;
  private final FaultPlan plan;
  private final PowerSupply power;
  private final SimulatedClock clock;
  private final Random random;
  private final Map<Long, StoredPack> packs = new TreeMap<>();
  private final Map<Integer, byte[]> superblocks = new TreeMap<>();

  /** What directory operations that only pretended to be durable have taken away. */
  private final Map<Long, StoredPack> undead = new TreeMap<>();

  /** What superblocks that only pretended to be durable have replaced. */
  private final Map<Integer, Optional<byte[]>> formerSuperblocks = new TreeMap<>();

  private byte[] stale = new byte[0];
  private PowerCut onPowerLoss = PowerCut.REORDER;
  private long sequence;
  private long forces;
  private @Nullable SimulatedMedium open;
  private boolean removed;
  private int absences;
  private int refusals;

  /** An empty disk. */
  public SimulatedDisk(DiskSpec spec, FaultPlan plan, PowerSupply power, SimulatedClock clock) {
    this.spec = spec;
    this.plan = plan;
    this.power = power;
    this.clock = clock;
    this.random = plan.fork();
    power.plug(this);
  }

  /** An empty disk on which nothing goes wrong by itself. */
  public SimulatedDisk(DiskSpec spec, long seed) {
    this(spec, FaultPlan.none(seed), new PowerSupply(), SimulatedClock.virtual());
  }

  /** What it is. */
  public DiskSpec spec() {
    return spec;
  }

  /** What decides on faults. */
  public FaultPlan plan() {
    return plan;
  }

  /** Its time. */
  public SimulatedClock clock() {
    return clock;
  }

  /** What becomes of unforced writes when the power goes or it is pulled. */
  public synchronized void onPowerLoss(PowerCut cut) {
    onPowerLoss = cut;
  }

  /** Opens it. */
  public Medium open() throws IOException {
    return open(OptionalLong.empty());
  }

  /**
   * Opens it.
   *
   * @param limit most bytes to take, if less than its capacity
   * @throws LarderException {@code LOCKED} if it is open
   * @throws MediumGoneException if it is not there
   */
  public synchronized Medium open(OptionalLong limit) throws IOException {
    requirePlugged();
    if (open != null) {
      throw new LarderException(
          ErrorCode.LOCKED, "disk " + spec.name() + " is open already", "close it first");
    }
    SimulatedMedium medium = new SimulatedMedium(this, limit);
    open = medium;
    return medium;
  }

  private void requirePlugged() throws MediumGoneException {
    if (removed && absences > 0 && refusals-- == 0) {
      removed = false;
    }
    if (removed) {
      throw gone("disk " + spec.name() + " was taken away");
    }
  }

  synchronized void closed(SimulatedMedium medium) {
    if (open == medium) {
      open = null;
    }
  }

  synchronized boolean isOpen(SimulatedMedium medium) {
    return open == medium;
  }

  /** Loses its power alone. It is back at once; what was open stays dead. */
  public synchronized void losePower() {
    open = null;
    settle();
  }

  /** The process that had it open has died: it can be opened again, and its cache is as it was. */
  public synchronized void abandon() {
    open = null;
  }

  /** How often it is asked for in vain before a disk that was taken away is back; 0 for ever. */
  public synchronized void absences(int times) {
    absences = times;
  }

  /** Takes it away. */
  public synchronized void remove() {
    if (!removed) {
      removed = true;
      refusals = absences;
      losePower();
    }
  }

  /** Brings it back. */
  public synchronized void insert() {
    removed = false;
  }

  /** Whether it is there. */
  public synchronized boolean isPresent() {
    return !removed;
  }

  /** Forces so far that were meant. */
  public synchronized long forces() {
    return forces;
  }

  @Override
  public synchronized String toString() {
    return String.format(
        Locale.ROOT,
        "disk %s: %s, %d packs, %d of %d bytes, %d operations, %d forces, %.3f s",
        spec.name(),
        removed ? "taken away" : open == null ? "closed" : "open",
        packs.size(),
        allocated(),
        spec.capacityBytes(),
        plan.operations(),
        forces,
        clock.nanos() / (double) NANOS_PER_SECOND);
  }

  private void settle() {
    long last = lastKept();
    packs
        .values()
        .removeIf(
            pack -> !pack.settle(onPowerLoss, last, spec.profile().sectorBytes(), random, stale));
    settleDirectory();
  }

  /** Any of the changes that are not durable, or the one before all of them. */
  private long lastKept() {
    long[] pending = packs.values().stream().flatMapToLong(StoredPack::pendingSequences).toArray();
    Arrays.sort(pending);
    int kept = random.nextInt(pending.length + 1);
    return kept == 0 ? -1 : pending[kept - 1];
  }

  private void settleDirectory() {
    undead.forEach(
        (number, pack) -> {
          if (random.nextBoolean()) {
            pack.settle(PowerCut.DROP, 0, spec.profile().sectorBytes(), random, stale);
            packs.putIfAbsent(number, pack);
          }
        });
    formerSuperblocks.forEach(
        (copy, former) -> {
          if (random.nextBoolean()) {
            superblocks.remove(copy);
            former.ifPresent(content -> superblocks.put(copy, content));
          }
        });
    directoryDurable();
  }

  private void directoryDurable() {
    undead.clear();
    formerSuperblocks.clear();
  }

  /**
   * Flips bits anywhere in packs and superblocks.
   *
   * @return where, for people
   */
  public synchronized List<String> rot(int bits) {
    List<String> places = new ArrayList<>();
    for (int i = 0; i < bits; i++) {
      long total = stored();
      if (total > 0) {
        places.add(flip((long) (random.nextDouble() * total)));
      }
    }
    return places;
  }

  private long stored() {
    long total = packs.values().stream().mapToLong(StoredPack::size).sum();
    for (byte[] superblock : superblocks.values()) {
      total += superblock.length;
    }
    return total;
  }

  private String flip(long at) {
    int bit = random.nextInt(8);
    long rest = at;
    for (Map.Entry<Integer, byte[]> superblock : superblocks.entrySet()) {
      byte[] bytes = superblock.getValue();
      if (rest < bytes.length) {
        bytes[(int) rest] ^= (byte) (1 << bit);
        return "bit " + bit + " of byte " + rest + " of superblock " + superblock.getKey();
      }
      rest -= bytes.length;
    }
    for (Map.Entry<Long, StoredPack> pack : packs.entrySet()) {
      if (rest < pack.getValue().size()) {
        pack.getValue().flip((int) rest, bit);
        return "bit " + bit + " of byte " + rest + " of pack " + pack.getKey();
      }
      rest -= pack.getValue().size();
    }
    throw new IllegalStateException("there is no byte " + at);
  }

  // What media do. All that follows is called by them alone.

  /** A change of what is stored. */
  interface Change {
    /** Does it; durably unless it only pretends to. */
    void make(boolean durable) throws IOException;

    /** It fails: what is left of it. By default all or nothing. */
    default void fail(Random random) throws IOException {
      if (random.nextBoolean()) {
        make(true);
      }
    }
  }

  /** Reading. */
  interface Look<T> {
    /** Does it. */
    T look() throws IOException;
  }

  /** Does something that changes nothing. */
  <T> T look(
      SimulatedMedium medium,
      Operation operation,
      long bytes,
      Cancellation cancellation,
      Look<T> look)
      throws IOException {
    FaultRule fault = begin(medium, operation, bytes, cancellation);
    if (fault != null && fault.kind() != FaultKind.LIE) {
      throw failure(fault.kind(), operation);
    }
    synchronized (this) {
      medium.requireAlive();
      return look.look();
    }
  }

  /** Changes what is stored. */
  void change(SimulatedMedium medium, Operation operation, long bytes, Change change)
      throws IOException {
    FaultRule fault = begin(medium, operation, bytes, Cancellation.NEVER);
    FaultKind kind = fault == null ? null : fault.kind();
    synchronized (this) {
      medium.requireAlive();
      sequence++;
      forces += operation == Operation.FORCE ? 1 : 0;
      if (kind == null || kind == FaultKind.LIE) {
        change.make(kind == null);
        return;
      }
      if (kind != FaultKind.FULL || operation == Operation.APPEND) {
        change.fail(random);
      }
    }
    throw failure(kind, operation);
  }

  /** What goes wrong with an operation that is about to be done; null if it is done well. */
  private @Nullable FaultRule begin(
      SimulatedMedium medium, Operation operation, long bytes, Cancellation cancellation)
      throws IOException {
    medium.requireAlive();
    clock.advance(cost(operation, bytes));
    FaultRule rule = plan.next(operation);
    if (rule == null) {
      return null;
    }
    switch (rule.kind()) {
      case SLOW -> clock.advance(rule.amount());
      case ROT -> rot((int) rule.amount());
      case HANG -> hang(medium, rule.amount(), cancellation);
      default -> {
        return rule;
      }
    }
    return null;
  }

  private void hang(SimulatedMedium medium, long atMostNanos, Cancellation cancellation) {
    plan.hang(
        atMostNanos,
        () -> {
          cancellation.check();
          return isOpen(medium);
        },
        clock);
  }

  private long cost(Operation operation, long bytes) {
    long rate =
        operation == Operation.APPEND
            ? spec.profile().writeBytesPerSecond()
            : spec.profile().readBytesPerSecond();
    double transfer = (double) bytes * NANOS_PER_SECOND / rate;
    return (long) (spec.profile().readLatencyMicros() * 1000 + transfer);
  }

  /** Does to the whole disk what the fault does, and words it. */
  private IOException failure(FaultKind kind, Operation operation) {
    String what = operation.text() + " on disk " + spec.name();
    switch (kind) {
      case FULL -> {
        return full("no room: " + what);
      }
      case GONE -> {
        remove();
        return gone("taken away: " + what);
      }
      case CUT -> {
        power.cut();
        return new IOException("no power: " + what);
      }
      default -> {
        return new IOException("input/output error: " + what);
      }
    }
  }

  /** As the operating system would say it. */
  static MediumFullException full(String message) {
    return new MediumFullException(message, new IOException("no space left on device"));
  }

  /** As the operating system would say it. */
  static MediumGoneException gone(String message) {
    return new MediumGoneException(message, new IOException("no such device"));
  }

  /** The next change in the order of all. */
  long sequence() {
    return sequence;
  }

  Map<Long, StoredPack> packs() {
    return packs;
  }

  void delete(long number, boolean durable) {
    StoredPack pack = packs.remove(number);
    if (pack == null) {
      return;
    }
    pack.deleted();
    stale = Arrays.copyOf(pack.bytes(), Math.min(pack.size(), STALE_BYTES));
    if (durable) {
      directoryDurable();
    } else {
      undead.put(number, new StoredPack(pack));
    }
  }

  Optional<byte[]> superblock(int copy) {
    return Optional.ofNullable(superblocks.get(copy));
  }

  void replaceSuperblock(int copy, byte[] content, boolean durable) {
    Optional<byte[]> former = Optional.ofNullable(superblocks.put(copy, content));
    if (durable) {
      directoryDurable();
    } else {
      formerSuperblocks.putIfAbsent(copy, former);
    }
  }

  /** Bytes taken: whole sectors. */
  long allocated() {
    long sum = 0;
    for (StoredPack pack : packs.values()) {
      sum += wholeSectors(pack.size());
    }
    for (byte[] superblock : superblocks.values()) {
      sum += wholeSectors(superblock.length);
    }
    return sum;
  }

  private long wholeSectors(long bytes) {
    int sector = spec.profile().sectorBytes();
    return (bytes + sector - 1) / sector * sector;
  }

  /** How many of some bytes still fit behind a pack's end. */
  int fitting(StoredPack pack, int bytes, long limit) {
    long room = limit - allocated() + wholeSectors(pack.size()) - pack.size();
    return (int) Math.max(0, Math.min(bytes, room));
  }
}
