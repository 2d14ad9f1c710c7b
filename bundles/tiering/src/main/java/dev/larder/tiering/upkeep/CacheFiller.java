package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.Events;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Pace;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.Copier;
import dev.larder.tiering.work.EventSink;
import dev.larder.tiering.work.Pins;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies to faster cache tiers what is loaded from storage tiers a second time, as far as the
 * budget of writes allows. It stands still while a model is being loaded, and ends at once when one
 * of the two tiers goes or is to be removed. One copy at a time; it never fails anybody else.
 */
public final class CacheFiller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CacheFiller.class);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Tiers tiers;
  private final CacheLedgers ledgers;
  private final CacheRoom room;
  private final Copier copier;
  private final Pins pins;
  private final EventSink events;
  private final BooleanSupplier loading;
  private final WearBudgets wear;
  private final ReentrantLock filling = new ReentrantLock();
  private volatile boolean closed;

  /**
   * Over all tiers.
   *
   * @param loading whether a model is being loaded just now
   * @param wear how much may be written
   */
  public CacheFiller(
      Tiers tiers,
      CacheLedgers ledgers,
      CacheRoom room,
      Copier copier,
      Pins pins,
      EventSink events,
      BooleanSupplier loading,
      WearBudgets wear) {
    this.tiers = tiers;
    this.ledgers = ledgers;
    this.room = room;
    this.copier = copier;
    this.pins = pins;
    this.events = events;
    this.loading = loading;
    this.wear = wear;
  }

  /** Whether a cache tier is there that could take an artifact and would give it faster. */
  public boolean suits(Digest digest) {
    List<Tier> holders = tiers.holding(digest);
    return !closed && !holders.isEmpty() && target(holders.get(0)).isPresent();
  }

  private Optional<Tier> target(Tier from) {
    return tiers.of(TierRole.CACHE).stream()
        .filter(cache -> cache.takesArtifacts() && cache.isFasterThan(from))
        .findFirst();
  }

  /** An artifact was loaded from a cache tier. */
  public void hit(Digest digest) {
    for (Tier holder : tiers.holding(digest)) {
      if (holder.role() == TierRole.CACHE) {
        ledgers.of(holder).used(digest);
      }
    }
  }

  /**
   * An artifact was loaded from a storage tier. Copies it to the fastest cache tier, if that is
   * worth it: where it was loaded before, and what must go for it was not used since, so that a
   * loop over more than fits does not wear the flash.
   */
  public void fill(Digest digest) {
    filling.lock();
    try (Pins.Pin pin = pins.pin(digest)) {
      List<Tier> holders = tiers.holding(digest);
      if (closed || holders.isEmpty() || holders.get(0).role() == TierRole.CACHE) {
        return;
      }
      Tier from = holders.get(0);
      Optional<Tier> target = target(from);
      if (target.isPresent()) {
        fill(digest, from, target.get());
      }
    } catch (CancellationException e) {
      LOG.debug("the copy of {} to a cache tier was given up", digest, e);
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} was not copied to a cache tier: {}", digest, e.getMessage());
    } finally {
      filling.unlock();
    }
  }

  private void fill(Digest digest, Tier from, Tier cache) throws IOException {
    try (TierUse source = from.tryUse().orElseThrow(from::unusable);
        TierUse target = cache.tryUse().orElseThrow(cache::unusable)) {
      Optional<ArtifactEntry> entry = source.volume().artifact(digest);
      if (entry.isEmpty()) {
        return;
      }
      CacheLedger ledger = ledgers.of(cache);
      Volume volume = target.volume();
      ledger.sync(volume.artifacts(), volume.medium().capacity().totalBytes());
      OptionalLong before = ledger.loaded(entry.get(), loadMicros(from, entry.get()));
      if (before.isEmpty()) {
        return;
      }
      Cancellation cancellation =
          () -> closed || source.isStale() || target.isStale() || !cache.takesArtifacts();
      try {
        if (isAllowed(target, entry.get())
            && room.make(target, ledger, entry.get(), before.getAsLong(), cancellation)) {
          Pace pace = bytes -> standStill(cancellation);
          copier.copy(source, target, entry.get(), List.of(), pace, cancellation);
          ledger.arrived(digest, entry.get().storedBytes());
          announce(entry.get(), cache);
        }
      } finally {
        wear.settle(target);
      }
    }
  }

  /** What a load from a tier takes at the least, in microseconds. */
  private static double loadMicros(Tier tier, ArtifactEntry entry) {
    return tier.profile()
        .map(p -> p.readLatencyMicros() + 1e6 * entry.storedBytes() / p.readBytesPerSecond())
        .orElse(0.0);
  }

  /** As long as anybody waits for a model: the medium and the cores are for that. */
  private void standStill(Cancellation cancellation) {
    while (loading.getAsBoolean() && !cancellation.isCancelled()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private boolean isAllowed(TierUse cache, ArtifactEntry entry) throws IOException {
    boolean allowed = wear.allows(cache, entry.storedBytes());
    if (!allowed) {
      LOG.info(
          "{} is not copied to cache tier {}: what may be written to it in a day is used up",
          entry.digest(),
          cache.tier().name());
    }
    return allowed;
  }

  private void announce(ArtifactEntry entry, Tier cache) {
    LOG.info("{} is now also on cache tier {}", entry.digest(), cache.name());
    events.post(
        Events.CACHED,
        Map.of(
            Events.DIGEST, entry.digest().toString(),
            Events.SIZE, entry.size(),
            Events.TIER, cache.name()));
  }

  /** Waits for the end of a copy to a tier that takes no more artifacts. */
  void awaitEnd() {
    filling.lock();
    filling.unlock();
  }

  /** Ends a copy that is under way. */
  @Override
  public void close() {
    closed = true;
  }
}
