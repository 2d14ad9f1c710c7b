package dev.larder.tiering;

import dev.larder.api.Events;
import dev.larder.api.TierState;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierListener;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Tells the rest of the gateway what becomes of its tiers. */
final class TierWatch implements TierListener {

  private final Gateway gateway;

  /** The gateway is not complete yet: it is asked only once tiers are opened. */
  TierWatch(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void attached(Tier tier, Volume volume) {
    gateway.journal.attached(tier, volume);
  }

  @Override
  public void usable(Tier tier, Volume volume) {
    gateway.absent.attached(tier, volume);
  }

  @Override
  public void leaving(Tier tier, Volume volume) {
    gateway.absent.leaving(tier, volume);
  }

  @Override
  public void detached(Tier tier, Volume volume) {
    gateway.absent.detached(tier, volume);
  }

  @Override
  public void stateChanged(Tier tier) {
    TierState state = tier.state();
    gateway.settling.changed();
    gateway.events.post(
        Events.TIER_STATE, Map.of(Events.TIER, tier.name(), Events.STATE, state.name()));
    if (state == TierState.READY) {
      gateway.background("catching up with tier " + tier.name(), () -> catchUp(tier));
      gateway.resumeScrub(tier);
      gateway.mover.wish();
    }
  }

  private void catchUp(Tier tier) throws IOException {
    gateway.tiers.remember();
    Optional<TierUse> use = tier.tryUse();
    if (use.isPresent()) {
      try (TierUse held = use.get()) {
        gateway.telling.catchUp(held);
      }
    }
  }
}
