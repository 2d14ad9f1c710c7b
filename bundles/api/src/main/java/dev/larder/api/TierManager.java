package dev.larder.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The tiers, and what moves between them. */
@ProviderType
public interface TierManager {

  /** All tiers, fastest first. */
  List<TierInfo> tiers();

  /**
   * Opens a volume, or makes one, and adds it as a tier. Kept over restarts. The volume of a tier
   * that is away comes back as that tier, under its old name; one that this gateway does not know
   * is {@link TierState#FOREIGN} until it is imported.
   */
  TierInfo add(TierSpec spec) throws LarderException;

  /**
   * Drains a tier to the others and removes it. Its volume stays on the medium, empty.
   *
   * @throws NoSuitableTierException if what is on it fits nowhere else; the tier then stays
   */
  void remove(String tier) throws LarderException;

  /**
   * Removes a tier that cannot be emptied since it is away or cannot be used. Nothing on its medium
   * is touched.
   *
   * @return what is lost by that
   * @throws LarderException {@code INVALID_ARGUMENT} if it can be emptied
   */
  ForgottenTier forget(String tier) throws LarderException;

  /**
   * Imports the volume of a tier that another gateway has written: checks the SHA-256 of all that
   * is on it, then takes over its artifacts and its references with their history. A reference that
   * stands for something else here comes under another name. All or nothing; done again, it does no
   * more.
   *
   * @throws LarderException {@code CORRUPT} if anything on it is not what it should be; {@code
   *     READ_ONLY}, {@code TIER_ABSENT}, …
   */
  ImportReport importVolume(String tier) throws LarderException;

  /** Copies an artifact's home to another storage tier, then drops the old one. */
  ArtifactDetails migrate(Reference reference, String tier) throws LarderException;
}
