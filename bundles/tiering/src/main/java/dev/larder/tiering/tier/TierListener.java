package dev.larder.tiering.tier;

import dev.larder.store.Volume;

/** Told of what becomes of tiers. Called by the threads that open and close volumes. */
public interface TierListener {

  /** A volume is open; nobody can use it before this returns. */
  void attached(Tier tier, Volume volume);

  /** A volume can be used from now on. */
  void usable(Tier tier, Volume volume);

  /** Nobody gets the volume any more; its last users may still be changing it. */
  void leaving(Tier tier, Volume volume);

  /** The volume's last users have let go of it; it is about to be closed. */
  void detached(Tier tier, Volume volume);

  /** The state is another one. */
  void stateChanged(Tier tier);
}
