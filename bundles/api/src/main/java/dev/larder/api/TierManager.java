package dev.larder.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The tiers, and what moves between them. */
@ProviderType
public interface TierManager {

  /** All tiers, fastest first. */
  List<TierInfo> tiers();

  /** Opens a volume, or makes one, and adds it as a tier. Kept over restarts. */
  TierInfo add(TierSpec spec) throws LarderException;

  /**
   * Drains a tier to the others and removes it. Its volume stays on the medium, empty.
   *
   * @throws NoSuitableTierException if what is on it fits nowhere else; the tier then stays
   */
  void remove(String tier) throws LarderException;

  /** Copies an artifact's home to another storage tier, then drops the old one. */
  ArtifactDetails migrate(Reference reference, String tier) throws LarderException;
}
