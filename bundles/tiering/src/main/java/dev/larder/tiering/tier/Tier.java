package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.Volume;
import dev.larder.store.VolumeIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named volume that opens by itself. It goes ABSENT when its driver or medium goes away and is
 * opened again when that returns; whatever else is in the way is tried again with growing pauses. A
 * volume that another gateway has written is FOREIGN, and of no use to anybody, until it is
 * adopted.
 *
 * <p>Any thread. Volumes are opened and closed on the openers only.
 */
public final class Tier {

  private static final Logger LOG = LoggerFactory.getLogger(Tier.class);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;
  private static final int MAX_SHIFT = 7;

  /** Less is within what two measurements of one device differ by. */
  private static final double CLEARLY = 1.25;

  private final TierEnvironment environment;
  private final VolumeOpener opener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final boolean trusted;
  private final AtomicBoolean looking = new AtomicBoolean();

  private volatile TierSpec spec;
  private volatile Optional<KnownVolume> known;
  private volatile String device = ""; // below the volume when it was opened last
  private volatile @Nullable OpenVolume current;

  // All under the lock:
  private TierState state = TierState.OPENING;
  private @Nullable OpenVolume foreign;
  private @Nullable LarderException problem;
  private boolean busy;
  private boolean again;
  private boolean draining;
  private boolean closed;
  private int failures;
  private long since;
  private @Nullable Future<?> retry;

  /**
   * A tier that is not open yet.
   *
   * @param trusted whether a volume that is not known yet is ours, whoever wrote it
   */
  Tier(
      TierDefinition definition,
      boolean trusted,
      TierEnvironment environment,
      VolumeOpener opener) {
    this.spec = definition.spec();
    this.known = definition.volume();
    this.trusted = trusted;
    this.environment = environment;
    this.opener = opener;
    this.since = environment.nanoTime().getAsLong();
  }

  /** Its name. */
  public String name() {
    return spec.name();
  }

  /** What its replicas are worth. */
  public TierRole role() {
    return spec.role();
  }

  /** What it was defined as, with the driver once that is known. */
  public TierSpec spec() {
    return spec;
  }

  /** UUID of its volume, once that is known. */
  public Optional<UUID> volume() {
    return known.map(KnownVolume::uuid);
  }

  Optional<KnownVolume> known() {
    return known;
  }

  TierDefinition definition() {
    return new TierDefinition(spec, known);
  }

  /** Whether nobody may use it since its volume is another gateway's. */
  public boolean isForeign() {
    return state() == TierState.FOREIGN;
  }

  /** Whether it can be used. */
  public TierState state() {
    lock.lock();
    try {
      return draining && current != null ? TierState.DRAINING : state;
    } finally {
      lock.unlock();
    }
  }

  /** Why it cannot be used; empty if it can. */
  public Optional<LarderException> problem() {
    lock.lock();
    try {
      return Optional.ofNullable(problem);
    } finally {
      lock.unlock();
    }
  }

  /** Whether it takes new artifacts. */
  public boolean takesArtifacts() {
    return state() == TierState.READY;
  }

  /** Whether it is still finding out what state it is in for the first time. */
  boolean isOpening() {
    return state() == TierState.OPENING;
  }

  /** Uses the volume if it is open. */
  public Optional<TierUse> tryUse() {
    OpenVolume open = current;
    return open != null && open.enter() ? Optional.of(new TierUse(this, open)) : Optional.empty();
  }

  /**
   * Uses the volume; waits a little if it is being opened or has just lost its driver.
   *
   * @throws LarderException why it cannot be used: {@code TIER_ABSENT}, {@code DRIVER_MISSING}, …
   */
  public TierUse use(Duration patience) throws LarderException {
    long deadline = environment.nanoTime().getAsLong() + patience.toNanos();
    lock.lock();
    try {
      while (true) {
        Optional<TierUse> use = tryUse();
        if (use.isPresent()) {
          return use.get();
        }
        long left = deadline - environment.nanoTime().getAsLong();
        if (left <= 0 || !worthWaiting()) {
          throw unusable();
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "interrupted while tier " + name() + " opened", "", e);
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is likely to be usable in a moment. */
  public boolean worthWaiting() {
    lock.lock();
    try {
      long age = environment.nanoTime().getAsLong() - since;
      boolean driverAway =
          state == TierState.ABSENT
              && problem != null
              && problem.code() == ErrorCode.DRIVER_MISSING
              && age < environment.patience().toNanos();
      return !closed && (state == TierState.OPENING || driverAway || current != null);
    } finally {
      lock.unlock();
    }
  }

  /** The failure that requests for what is here get. */
  public LarderException unusable() {
    lock.lock();
    try {
      LarderException cause = problem;
      if (cause == null) {
        return new LarderException(
            ErrorCode.UNAVAILABLE, "tier " + name() + " is being opened", "try again in a moment");
      }
      ErrorCode code = state == TierState.ABSENT ? absentCode(cause) : cause.code();
      return new LarderException(
          code, "tier " + name() + " cannot be used: " + cause.getMessage(), cause.advice(), cause);
    } finally {
      lock.unlock();
    }
  }

  private static ErrorCode absentCode(LarderException cause) {
    return cause.code() == ErrorCode.DRIVER_MISSING ? cause.code() : ErrorCode.TIER_ABSENT;
  }

  /** A failure of its volume, which knows only its UUID, with the name that users know. */
  public LarderException named(LarderException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("tier " + name())
        ? e
        : new LarderException(e.code(), "tier " + name() + ": " + message, e.advice(), e);
  }

  /** Opens the volume on the openers, unless that is under way. */
  void open() {
    lock.lock();
    try {
      if (closed || current != null || foreign != null) {
        return;
      }
      if (busy) {
        again = true;
        return;
      }
      busy = true;
    } finally {
      lock.unlock();
    }
    environment.openers().execute(this::attempt);
  }

  private void attempt() {
    try {
      attach(true);
    } catch (IOException | RuntimeException e) {
      failed(typed(e));
    }
  }

  private LarderException typed(Exception e) {
    if (e instanceof LarderException known) {
      return known;
    }
    LOG.warn("tier {} could not be opened", name(), e);
    return new LarderException(
        ErrorCode.IO_ERROR, String.valueOf(e.getMessage()), "see the log; it is retried", e);
  }

  /** Opens the volume now and reports why it cannot: for a tier that someone adds. */
  void openNow(boolean mayMake) throws IOException {
    attach(mayMake);
  }

  private void attach(boolean mayMake) throws IOException {
    requireDevice();
    Optional<KnownVolume> expected = isEmptiedCache() ? Optional.empty() : known;
    boolean make = mayMake && expected.isEmpty();
    OpenVolume opened = opener.open(new VolumeOpener.Wish(spec, expected, trusted, make));
    remember(opened);
    device = opened.device;
    if (opened.foreign != null) {
      hold(opened, opened.foreign);
    } else {
      environment.listener().attached(this, opened.volume);
      publish(opened);
    }
  }

  /**
   * A cache may lie on a file system that is empty after each start, and is made anew there; but
   * not in the mount point of a medium that is away.
   */
  private boolean isEmptiedCache() {
    return role() == TierRole.CACHE
        && known.isPresent()
        && VolumeOpener.isFolder(spec.location())
        && !FolderIdentity.hasSuperblock(Path.of(spec.location()))
        && within().equals(known.map(KnownVolume::within));
  }

  /** The file system of a device that was pulled can still be opened, as long as it is mounted. */
  private void requireDevice() throws IOException {
    String last = device;
    if (!last.isEmpty()
        && environment.devices().isOrphan(Path.of(spec.location()).toAbsolutePath(), last)) {
      throw new LarderException(
          ErrorCode.TIER_ABSENT,
          "the device " + last + " below " + spec.location() + " was taken away",
          "plug it in again, anywhere; it is then opened by itself");
    }
  }

  /** What is known of its volume from now on; a place that cannot be told stays as it was. */
  private void remember(OpenVolume opened) {
    Volume volume = opened.volume;
    String within = within().or(() -> known.map(KnownVolume::within)).orElse("");
    boolean ours = opened.foreign == null;
    known =
        Optional.of(
            new KnownVolume(volume.uuid(), within, volume.epoch(), volume.lastSequence(), ours));
  }

  private Optional<String> within() {
    if (!VolumeOpener.isFolder(spec.location())) {
      return Optional.empty();
    }
    try {
      Path folder = Path.of(spec.location()).toRealPath();
      return environment
          .devices()
          .below(folder)
          .map(mount -> Path.of(mount.mountPoint()).relativize(folder).toString());
    } catch (IOException e) {
      LOG.debug("where {} is mounted cannot be found out", spec.location(), e);
      return Optional.empty();
    }
  }

  /**
   * Keeps another gateway's volume apart: open, so that it can be looked at, but used by nobody.
   */
  private void hold(OpenVolume opened, VolumeIdentity identity) {
    boolean refused;
    lock.lock();
    try {
      refused = closed;
      if (!refused) {
        settle(null, opened);
        state = TierState.FOREIGN;
        problem = notImported(identity);
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      close(opened, false);
      return;
    }
    LOG.info("tier {} is another gateway's: volume {}", name(), opened.volume.uuid());
    environment.listener().stateChanged(this);
    detachIfStale(opened);
  }

  private LarderException notImported(VolumeIdentity identity) {
    return new LarderException(
        ErrorCode.NOT_IMPORTED,
        "the volume at "
            + spec.location()
            + " was written by gateway "
            + identity.writer()
            + " and is not imported",
        "import it with 'larder import " + name() + "'");
  }

  /** The volume of another gateway, to be looked at; empty if it is none, or not there. */
  Optional<OpenVolume> enterForeign() {
    lock.lock();
    try {
      OpenVolume open = foreign;
      return open != null && open.enter() ? Optional.of(open) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Something to be done with a volume before anybody else gets it. */
  @FunctionalInterface
  public interface Preparation {
    /** Does it; the volume is ours if it returns. */
    void on(TierUse use) throws IOException;
  }

  /**
   * Opens another gateway's volume anew as one of ours, prepares it and lets everybody use it. If
   * that fails, it is another gateway's again.
   */
  void adopt(Preparation preparation) throws IOException {
    OpenVolume apart = takeForeign();
    close(apart, true);
    OpenVolume opened = null;
    boolean done = false;
    try {
      Optional<KnownVolume> ours = known.map(KnownVolume::asImported);
      opened = opener.open(new VolumeOpener.Wish(spec, ours, true, false));
      opened.enter();
      try (TierUse use = new TierUse(this, opened)) {
        preparation.on(use);
      }
      remember(opened);
      done = true;
    } finally {
      if (!done) {
        if (opened != null) {
          close(opened, true);
        }
        notBusy();
        open();
      }
    }
    environment.listener().attached(this, opened.volume);
    publish(opened);
  }

  private OpenVolume takeForeign() throws LarderException {
    lock.lock();
    try {
      OpenVolume open = foreign;
      if (open == null || busy || closed) {
        throw unusable();
      }
      foreign = null;
      state = TierState.OPENING;
      busy = true;
      return open;
    } finally {
      lock.unlock();
    }
  }

  private void publish(OpenVolume opened) {
    boolean refused;
    lock.lock();
    try {
      refused = closed;
      if (!refused) {
        settle(opened, null);
        state = opened.volume.writable() ? TierState.READY : TierState.READ_ONLY;
        problem = opened.volume.writable() ? null : readOnly();
      }
    } finally {
      lock.unlock();
    }
    if (refused) {
      close(opened, false);
      return;
    }
    LOG.info("tier {} is open: volume {}", name(), opened.volume.uuid());
    environment.listener().usable(this, opened.volume);
    environment.listener().stateChanged(this);
    detachIfStale(opened);
  }

  /** What an opening that has ended well changes, under the lock. */
  private void settle(@Nullable OpenVolume ours, @Nullable OpenVolume others) {
    busy = false;
    again = false;
    failures = 0;
    current = ours;
    foreign = others;
    since = environment.nanoTime().getAsLong();
    changed.signalAll();
  }

  /** Its driver may have been withdrawn while the volume was being opened. */
  private void detachIfStale(OpenVolume opened) {
    if (opened.driver.isStale()) {
      detach(opened, Drivers.missing(opened.driver.name()));
    }
  }

  private LarderException readOnly() {
    return new LarderException(
        ErrorCode.READ_ONLY,
        "the medium at " + spec.location() + " refuses writes",
        "mount it writable, or open the lock of the card");
  }

  private void failed(LarderException why) {
    lock.lock();
    try {
      busy = false;
      setProblem(why);
      retryLater();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    environment.listener().stateChanged(this);
  }

  private void retryLater() {
    if (retry != null) {
      retry.cancel(false);
    }
    if (!closed) {
      long pause = FIRST_PAUSE_MILLIS << Math.min(failures, MAX_SHIFT);
      pause = again ? 0 : Math.min(pause, LONGEST_PAUSE_MILLIS);
      retry = environment.timer().schedule(this::open, pause, TimeUnit.MILLISECONDS);
    }
    again = false;
    failures++;
  }

  private void setProblem(LarderException why) {
    boolean sameCode = problem != null && problem.code() == why.code();
    boolean absent =
        switch (why.code()) {
          case DRIVER_MISSING, TIER_ABSENT, NOT_FOUND -> true;
          default -> false;
        };
    if (!sameCode) {
      since = environment.nanoTime().getAsLong();
      LOG.warn("tier {} cannot be used: {}", name(), why.describe());
    }
    state = absent ? TierState.ABSENT : TierState.FAILED;
    problem = why;
  }

  void mediumGone(OpenVolume open, Throwable cause) {
    LarderException why =
        new LarderException(
            ErrorCode.TIER_ABSENT,
            "the medium at " + spec.location() + " is gone",
            "plug it in again, anywhere; it is then opened by itself",
            cause);
    open.retire(); // at once: who has failed with it may try another one
    environment.openers().execute(() -> detach(open, why));
  }

  /** Something failed that may be the medium's end: looks at once, and not only in a moment. */
  void suspect() {
    environment.openers().execute(this::look);
  }

  /** Looks whether its medium is still there, and whether it still takes what it is to take. */
  void look() {
    if (!looking.compareAndSet(false, true)) {
      return; // a medium that hangs costs one thread and not one more with each look
    }
    try {
      OpenVolume open = opened();
      if (open != null && open.enter()) {
        try (TierUse use = new TierUse(this, open)) {
          look(open);
        }
      }
    } finally {
      looking.set(false);
    }
  }

  private void look(OpenVolume open) {
    Optional<IOException> gone = MediumPresence.gone(open, environment.devices());
    if (gone.isPresent()) {
      mediumGone(open, gone.get());
    } else if (open.foreign == null) {
      lookWhetherItWrites(open);
    }
  }

  /** What a medium that takes no more writes holds can still be read. */
  private void lookWhetherItWrites(OpenVolume open) {
    boolean writable = open.volume.writable();
    lock.lock();
    try {
      boolean same = state == (writable ? TierState.READY : TierState.READ_ONLY);
      if (current != open || open.isRetired() || same) {
        return;
      }
      state = writable ? TierState.READY : TierState.READ_ONLY;
      problem = writable ? null : open.volume.medium().writable() ? broken() : readOnly();
      LOG.warn("tier {} {}", name(), writable ? "takes writes again" : "takes no more writes");
    } finally {
      lock.unlock();
    }
    environment.listener().stateChanged(this);
  }

  private LarderException broken() {
    return new LarderException(
        ErrorCode.READ_ONLY,
        "a write to the medium at " + spec.location() + " failed; what is on it is readable",
        "check the medium; it takes writes again after it was taken out and in, or after a restart");
  }

  private @Nullable OpenVolume opened() {
    lock.lock();
    try {
      return current != null ? current : foreign;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens its volume at another place, on this thread. If that fails, it stays where it was.
   *
   * @throws LarderException why it cannot be opened there
   */
  void openAt(String location) throws LarderException {
    awaitIdle(); // it may just be trying to open where it was
    begin();
    TierSpec before = spec;
    spec =
        new TierSpec(
            before.name(),
            location,
            before.driver(),
            before.role(),
            before.capacity(),
            before.options());
    try {
      attach(false);
    } catch (IOException | RuntimeException e) {
      spec = before;
      LarderException why = typed(e);
      failed(why);
      throw why;
    }
  }

  private void begin() throws LarderException {
    lock.lock();
    try {
      if (closed || busy || current != null || foreign != null) {
        throw new LarderException(
            ErrorCode.UNAVAILABLE, "tier " + name() + " is being opened or closed", "try again");
      }
      busy = true;
    } finally {
      lock.unlock();
    }
  }

  /** Opens it now if it waits for the time to try again. */
  void openAgain() {
    lock.lock();
    try {
      failures = 0;
    } finally {
      lock.unlock();
    }
    open();
  }

  /** Looks whether its driver was withdrawn or replaced, or may just have come. */
  void driversChanged() {
    OpenVolume open = opened();
    if (open == null) {
      open();
    } else if (open.driver.isStale()) {
      open.retire(); // at once: no new use of it
      environment.openers().execute(() -> detach(open, Drivers.missing(open.driver.name())));
    }
  }

  private void detach(OpenVolume open, LarderException why) {
    open.retire(); // no new use, but it still counts as here until it is known as away
    if (current == open) {
      environment.listener().leaving(this, open.volume);
    }
    if (!takeOut(open, why)) {
      return;
    }
    environment.listener().stateChanged(this);
    close(open, false);
    open();
  }

  /** Takes the volume out of use, exactly once. */
  private boolean takeOut(OpenVolume open, LarderException why) {
    lock.lock();
    try {
      if (current != open && foreign != open) {
        return false;
      }
      setProblem(why);
      since = environment.nanoTime().getAsLong();
      current = null;
      foreign = null;
      busy = true; // until the old one is closed
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    open.retire();
    return true;
  }

  /**
   * Closes a volume that nobody gets any more.
   *
   * @param staysBusy whether whoever closes it opens the next one, too
   */
  private void close(OpenVolume open, boolean staysBusy) {
    open.retire();
    if (!open.awaitUnused(environment.drain().toNanos())) {
      LOG.warn("tier {} is closed while it is still used", name());
    }
    if (open.foreign == null && !staysBusy) {
      noteLast(open.volume);
      environment.listener().detached(this, open.volume);
    }
    try {
      open.volume.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the volume of tier {} was not closed in order; it recovers", name(), e);
    } finally {
      opener.closed(open);
      open.driver.close();
      if (!staysBusy) {
        notBusy();
      }
    }
  }

  /** How far the volume has come, to tell an older copy of it by. */
  private void noteLast(Volume volume) {
    known =
        known.map(
            k ->
                new KnownVolume(
                    k.uuid(), k.within(), volume.epoch(), volume.lastSequence(), k.imported()));
  }

  private void notBusy() {
    lock.lock();
    try {
      busy = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Name of the driver that has opened the volume. */
  Optional<String> driverName() {
    OpenVolume open = opened();
    return open == null ? Optional.empty() : Optional.of(open.driver.name());
  }

  /** Name of its driver; empty while that is not known. */
  public String driver() {
    return driverName().or(() -> spec.driver()).orElse("");
  }

  /** Remembers which driver it is that recognised the medium. */
  void remember(TierSpec withDriver) {
    spec = withDriver;
  }

  /** No new artifacts from now on; or again. */
  public void drain(boolean value) {
    lock.lock();
    try {
      draining = value;
    } finally {
      lock.unlock();
    }
    environment.listener().stateChanged(this);
  }

  /**
   * Closes the volume and opens it no more. Waits for its users, and for an opening that is under
   * way and is closed as soon as it ends, each at most for the drain time.
   */
  void close() {
    OpenVolume open;
    lock.lock();
    try {
      closed = true;
      open = current != null ? current : foreign;
      if (retry != null) {
        retry.cancel(false);
      }
    } finally {
      lock.unlock();
    }
    LarderException why = new LarderException(ErrorCode.UNAVAILABLE, "the gateway is stopping", "");
    if (open != null && takeOut(open, why)) {
      close(open, false);
    }
    awaitIdle();
  }

  /** Waits for an opening or closing that is under way, at most for the drain time. */
  private void awaitIdle() {
    long left = environment.drain().toNanos();
    lock.lock();
    try {
      while (busy && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** What its medium does and wants, while it is open. */
  public Optional<MediaProfile> profile() {
    return peek().map(volume -> volume.medium().profile());
  }

  /** Whether it reads clearly more in a second than another one; false while that is not known. */
  public boolean isFasterThan(Tier other) {
    Optional<MediaProfile> mine = profile();
    Optional<MediaProfile> others = other.profile();
    return mine.isPresent()
        && others.isPresent()
        && mine.get().readBytesPerSecond() > CLEARLY * others.get().readBytesPerSecond();
  }

  /**
   * The volume now, if it is open: for looking at its figures, without a claim that it stays so.
   */
  Optional<Volume> peek() {
    OpenVolume open = current;
    return open == null ? Optional.empty() : Optional.of(open.volume);
  }
}
