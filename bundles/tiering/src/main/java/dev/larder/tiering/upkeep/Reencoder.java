package dev.larder.tiering.upkeep;

import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While nothing is put and nothing swapped, slow tiers encode anew what takes clearly less with
 * more effort. It ends as soon as something is put, swapped or collected, and goes on later. Any
 * thread.
 */
public final class Reencoder {

  private static final Logger LOG = LoggerFactory.getLogger(Reencoder.class);

  /** Where it is worth it: all that is saved is read faster, too. */
  private static final Set<MediaClass> SLOW =
      Set.of(MediaClass.EMMC, MediaClass.SD, MediaClass.REMOTE);

  /** So long nothing was put or swapped. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  private final Tiers tiers;
  private final WearBudgets wear;
  private final BooleanSupplier loading;
  private final LongSupplier nanoTime;
  private final AtomicBoolean running = new AtomicBoolean();

  /** Tiers that could not, and their last sequence number then: not before there is another. */
  private final Map<String, Long> failed = new HashMap<>(); // guarded by itself

  private volatile long lastUse;
  private volatile boolean closed;

  /**
   * A re-encoder.
   *
   * @param wear how much may be written: a tier whose budget is used up waits
   * @param loading whether a model is being loaded just now
   */
  public Reencoder(Tiers tiers, WearBudgets wear, BooleanSupplier loading, LongSupplier nanoTime) {
    this.tiers = tiers;
    this.wear = wear;
    this.loading = loading;
    this.nanoTime = nanoTime;
    this.lastUse = nanoTime.getAsLong();
  }

  /** Something was put or swapped. */
  public void used() {
    lastUse = nanoTime.getAsLong();
  }

  /** Ends what is under way; it is done after the next start. */
  public void close() {
    closed = true;
  }

  /** Whether something is under way or waits for a quiet time. */
  public boolean due() {
    return running.get() || tiers.all().stream().anyMatch(this::isDue);
  }

  private boolean isDue(Tier tier) {
    if (closed
        || !tier.profile().map(MediaProfile::mediaClass).filter(SLOW::contains).isPresent()) {
      return false;
    }
    Optional<TierUse> use = tier.tryUse();
    if (use.isEmpty()) {
      return false;
    }
    try (TierUse held = use.get()) {
      Volume volume = held.volume();
      return volume.writable()
          && volume.reencodingDue()
          && !hasFailed(tier, volume)
          && wear.allows(held, 1); // how much it will be nobody knows before
    } catch (IOException e) {
      LOG.debug("tier {} is gone", tier.name(), e);
      return false;
    }
  }

  private boolean hasFailed(Tier tier, Volume volume) {
    synchronized (failed) {
      return failed.getOrDefault(tier.name(), Long.MIN_VALUE) >= volume.lastSequence();
    }
  }

  /** Whether now is a time to {@link #run}. */
  public boolean isTime() {
    return !running.get()
        && nanoTime.getAsLong() - lastUse > QUIET.toNanos()
        && !loading.getAsBoolean()
        && due();
  }

  /** Does what is due, until something else is to do. */
  public void run() {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    try {
      for (Tier tier : tiers.all()) {
        if (isDue(tier)) {
          reencode(tier);
        }
      }
    } finally {
      running.set(false);
    }
  }

  private void reencode(Tier tier) {
    Optional<TierUse> use = tier.tryUse();
    if (use.isEmpty()) {
      return;
    }
    try (TierUse held = use.get()) {
      long start = lastUse;
      Cancellation cancellation = () -> closed || held.isStale() || lastUse != start;
      try {
        held.volume().reencode(new Courtesy(loading, nanoTime), cancellation);
      } catch (CancellationException e) {
        LOG.debug("tier {} is needed for something else", tier.name(), e);
      } catch (IOException | RuntimeException e) {
        LOG.warn("tier {} was not encoded anew: {}", tier.name(), e.getMessage());
        synchronized (failed) {
          failed.put(tier.name(), held.volume().lastSequence());
        }
      }
    }
  }
}
