package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.Volume;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named volume that opens by itself. It goes ABSENT when its driver or medium goes away and is
 * opened again when that returns; whatever else is in the way is tried again with growing pauses.
 *
 * <p>Any thread. Volumes are opened and closed on the openers only.
 */
public final class Tier {

  private static final Logger LOG = LoggerFactory.getLogger(Tier.class);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;
  private static final int MAX_SHIFT = 7;

  private final TierEnvironment environment;
  private final VolumeOpener opener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private volatile TierSpec spec;
  private volatile @Nullable OpenVolume current;

  // All under the lock:
  private TierState state = TierState.OPENING;
  private @Nullable LarderException problem;
  private boolean busy;
  private boolean again;
  private boolean draining;
  private boolean closed;
  private int failures;
  private long since;
  private @Nullable Future<?> retry;

  Tier(TierSpec spec, TierEnvironment environment, VolumeOpener opener) {
    this.spec = spec;
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
      if (closed || current != null) {
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
    } catch (LarderException e) {
      failed(e);
    } catch (IOException | RuntimeException e) {
      LOG.warn("tier {} could not be opened", name(), e);
      failed(
          new LarderException(
              ErrorCode.IO_ERROR, String.valueOf(e.getMessage()), "see the log; it is retried", e));
    }
  }

  /** Opens the volume now and reports why it cannot: for a tier that someone adds. */
  void openNow(boolean mayMake) throws IOException {
    attach(mayMake);
  }

  private void attach(boolean mayMake) throws IOException {
    OpenVolume opened = opener.open(spec, mayMake);
    environment.listener().attached(this, opened.volume);
    publish(opened);
  }

  private void publish(OpenVolume opened) {
    boolean refused;
    lock.lock();
    try {
      busy = false;
      again = false;
      failures = 0;
      refused = closed;
      current = opened;
      state = opened.volume.writable() ? TierState.READY : TierState.READ_ONLY;
      problem = opened.volume.writable() ? null : readOnly();
      since = environment.nanoTime().getAsLong();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    LOG.info("tier {} is open: volume {}", name(), opened.volume.uuid());
    environment.listener().usable(this, opened.volume);
    environment.listener().stateChanged(this);
    if (refused || opened.driver.isStale()) {
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
            "plug it in again; it is then opened by itself",
            cause);
    environment.openers().execute(() -> detach(open, why));
  }

  /** Looks whether its driver was withdrawn or replaced, or may just have come. */
  void driversChanged() {
    OpenVolume open = current;
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
    close(open);
    open();
  }

  /** Takes the volume out of use, exactly once. */
  private boolean takeOut(OpenVolume open, LarderException why) {
    lock.lock();
    try {
      if (current != open) {
        return false;
      }
      setProblem(why);
      since = environment.nanoTime().getAsLong();
      current = null;
      busy = true; // until the old one is closed
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    open.retire();
    return true;
  }

  private void close(OpenVolume open) {
    if (!open.awaitUnused(environment.drain().toNanos())) {
      LOG.warn("tier {} is closed while it is still used", name());
    }
    environment.listener().detached(this, open.volume);
    try {
      open.volume.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the volume of tier {} was not closed in order; it recovers", name(), e);
    } finally {
      opener.closed(open);
      open.driver.close();
      notBusy();
    }
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
    OpenVolume open = current;
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

  /** Closes the volume and opens it no more. Waits for its users, at most for the drain time. */
  void close() {
    OpenVolume open;
    lock.lock();
    try {
      closed = true;
      open = current;
      if (retry != null) {
        retry.cancel(false);
      }
    } finally {
      lock.unlock();
    }
    LarderException why = new LarderException(ErrorCode.UNAVAILABLE, "the gateway is stopping", "");
    if (open != null && takeOut(open, why)) {
      close(open);
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

  /**
   * The volume now, if it is open: for looking at its figures, without a claim that it stays so.
   */
  Optional<Volume> peek() {
    OpenVolume open = current;
    return open == null ? Optional.empty() : Optional.of(open.volume);
  }
}
