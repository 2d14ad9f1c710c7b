package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.NoSuitableTierException;
import dev.larder.api.Temperature;
import dev.larder.api.TierRole;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.store.ArtifactEntry;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.placement.Placer;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves homes up when they are loaded again and again, and down when a fast tier fills up. Runs on
 * the maintenance thread.
 *
 * <p>Between the marks for starting and ending to empty a tier lies a tenth of it, so that nothing
 * goes to and fro.
 */
public final class Mover {

  private static final Logger LOG = LoggerFactory.getLogger(Mover.class);
  private static final double HIGH_WATER = 0.90;
  private static final double LOW_WATER = 0.80;
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Tiers tiers;
  private final Namespace names;
  private final Placer placer;
  private final Migrator migrator;
  private final Collector collector;
  private final Usage usage;
  private final RamCache ram;
  private final LongSupplier nanoTime;
  private final Map<String, Long> relieved = new HashMap<>(); // guarded by this
  private volatile boolean closed;

  /** Over all tiers. */
  public Mover(
      Tiers tiers,
      Namespace names,
      Placer placer,
      Migrator migrator,
      Collector collector,
      Usage usage,
      RamCache ram,
      LongSupplier nanoTime) {
    this.tiers = tiers;
    this.names = names;
    this.placer = placer;
    this.migrator = migrator;
    this.collector = collector;
    this.usage = usage;
    this.ram = ram;
    this.nanoTime = nanoTime;
  }

  /** Ends what is under way. */
  public void close() {
    closed = true;
  }

  private Cancellation cancellation() {
    return () -> closed;
  }

  /** Moves an artifact that is loaded again and again to a faster home, if there is room. */
  public void promote(Digest digest) throws IOException {
    List<Tier> holders = tiers.holding(digest);
    if (!holders.isEmpty()
        && holders.get(0).role() == TierRole.STORAGE
        && !closed
        && usage.mayBePromoted(digest)) {
      moveUp(holders.get(0), digest);
    }
  }

  private void moveUp(Tier from, Digest digest) throws IOException {
    ArtifactEntry entry;
    try (TierUse use = from.tryUse().orElseThrow(from::unusable)) {
      entry = use.volume().artifact(digest).orElse(null);
    }
    if (entry == null) {
      return;
    }
    PlacementRequest wish =
        new PlacementRequest(
            entry.kind(), Temperature.ACTIVE, OptionalLong.of(entry.size()), false);
    Tier best;
    try {
      best = placer.rank("artifact " + digest, wish, tiers.of(TierRole.STORAGE)).get(0);
    } catch (NoSuitableTierException e) {
      return; // stays where it is
    }
    if (best != from && best.isFasterThan(from) && fill(best, entry.size()) < LOW_WATER) {
      migrator.migrate(digest, best, cancellation());
      LOG.info("{} moved up from {} to {}", digest, from.name(), best.name());
    }
  }

  /** Share of a tier that would be taken with so many bytes more; 1 if that cannot be said. */
  private static double fill(Tier tier, long more) throws IOException {
    TierUse use = tier.tryUse().orElse(null);
    if (use == null) {
      return 1;
    }
    try (use) {
      long total = use.volume().medium().capacity().totalBytes();
      long free = use.volume().freeForPuts() - more;
      return total <= 0 ? 1 : 1 - (double) free / total;
    }
  }

  /** Moves what is cold from fast tiers that are nearly full to slower ones. */
  public void relieve() throws IOException {
    List<Tier> storage = tiers.of(TierRole.STORAGE);
    for (int i = 0; i + 1 < storage.size(); i++) {
      Tier tier = storage.get(i);
      if (tier.takesArtifacts() && fill(tier, 0) > HIGH_WATER && isTime(tier)) {
        relieve(tier, storage.subList(i + 1, storage.size()));
      }
    }
  }

  private synchronized boolean isTime(Tier tier) {
    long now = nanoTime.getAsLong();
    Long last = relieved.get(tier.name());
    if (last != null && now - last < PAUSE.toNanos()) {
      return false;
    }
    relieved.put(tier.name(), now);
    return true;
  }

  private void relieve(Tier tier, List<Tier> slower) throws IOException {
    try (TierUse use = tier.tryUse().orElseThrow(tier::unusable)) {
      collector.collect(use, cancellation());
      double total = use.volume().medium().capacity().totalBytes();
      double excess = (fill(tier, 0) - LOW_WATER) * total;
      Set<Digest> kept = names.keptArtifacts();
      List<Usage.Used> coldest =
          usage.longestUnusedFirst(
              use.volume().artifacts().stream()
                  .filter(entry -> kept.contains(entry.digest()))
                  .filter(entry -> !ram.isLeased(entry.digest()))
                  .filter(entry -> usage.mayBeDemoted(entry.digest())));
      for (Usage.Used used : coldest) {
        if (excess <= 0 || closed) {
          break;
        }
        if (moveDown(tier, used.replica(), slower)) {
          excess -= used.replica().storedBytes();
        }
      }
      collector.collect(use, cancellation());
    }
  }

  private boolean moveDown(Tier from, ArtifactEntry entry, List<Tier> slower) throws IOException {
    PlacementRequest wish =
        new PlacementRequest(
            entry.kind(), Temperature.ARCHIVE, OptionalLong.of(entry.size()), false);
    try {
      for (Tier target : placer.rank("artifact " + entry.digest(), wish, slower)) {
        if (fill(target, entry.size()) < HIGH_WATER) {
          try (TierUse to = target.tryUse().orElseThrow(target::unusable)) {
            migrator.move(entry.digest(), from, to, cancellation());
          }
          migrator.announce(entry.digest(), target);
          usage.placed(entry.digest(), true);
          LOG.info("{} moved down from {} to {}", entry.digest(), from.name(), target.name());
          return true;
        }
      }
    } catch (NoSuitableTierException e) {
      LOG.debug("{} stays on {}", entry.digest(), from.name(), e);
    } catch (LarderException e) {
      LOG.warn("{} cannot be moved from {}: {}", entry.digest(), from.name(), e.describe());
    }
    return false;
  }
}
