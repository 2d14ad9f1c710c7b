package dev.larder.bench.life;

import dev.larder.spi.placement.TierView;
import dev.larder.tiering.plan.PlanTier;
import dev.larder.tiering.upkeep.WearBucket;
import java.util.OptionalLong;

/** One tier while it is simulated: what lies on it and what was done to it. */
final class LifeStore {

  final LifeTier tier;
  private final WearBucket bucket;
  private final long daily;
  long used;
  long loads;
  long bytesRead;
  double secondsWaited;
  long put;
  long moved;
  long filled;
  long heldBack;

  LifeStore(LifeTier tier) {
    this.tier = tier;
    this.daily = tier.daily().orElse(Long.MAX_VALUE / 4);
    this.bucket = new WearBucket(daily, 0, 0);
  }

  long written() {
    return put + moved + filled;
  }

  long free() {
    return tier.capacity() - used;
  }

  void settle(long now) {
    bucket.settle(daily, written(), now);
  }

  boolean allows(long bytes, long now) {
    settle(now);
    return bucket.allows(bytes, daily);
  }

  /** What a load from here takes, in seconds. */
  double load(long bytes) {
    double seconds = tier.loadSeconds(bytes);
    loads++;
    bytesRead += bytes;
    secondsWaited += seconds;
    return seconds;
  }

  TierView view() {
    return new TierView(
        tier.name(), tier.role(), tier.profile(), tier.capacity(), free(), tier.options());
  }

  PlanTier planned(long now) {
    settle(now);
    return new PlanTier(
        tier.name(),
        tier.profile(),
        tier.capacity(),
        free(),
        (long) Math.floor(bucket.available()),
        daily);
  }

  /**
   * What was done to it.
   *
   * @param used bytes on it
   * @param now the time that has passed
   */
  LifeOutcome.Tier outcome(long used, long now) {
    OptionalLong budget = tier.daily();
    if (budget.isPresent()) {
      budget = OptionalLong.of((long) (budget.getAsLong() * (1 + now / 86_400e9)));
    }
    return new LifeOutcome.Tier(
        tier.name(),
        tier.role().name(),
        tier.capacity(),
        used,
        loads,
        bytesRead,
        secondsWaited,
        put,
        moved,
        filled,
        tier.rated(),
        budget,
        heldBack);
  }
}
