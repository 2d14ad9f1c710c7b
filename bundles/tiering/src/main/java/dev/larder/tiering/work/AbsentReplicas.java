package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What was on tiers when they went away, so that it is reported as unavailable. Any thread. */
public final class AbsentReplicas {

  private final Map<String, Map<Digest, ArtifactEntry>> byTier = new ConcurrentHashMap<>();

  /** A volume is about to be closed. */
  public void detached(Tier tier, Volume volume) {
    Map<Digest, ArtifactEntry> artifacts = new HashMap<>();
    volume.artifacts().forEach(entry -> artifacts.put(entry.digest(), entry));
    byTier.put(tier.name(), artifacts);
  }

  /** A tier is back, or removed. */
  public void forget(String tier) {
    byTier.remove(tier);
  }

  /** What is known of an artifact. */
  public Optional<ArtifactEntry> find(Digest digest) {
    return byTier.values().stream()
        .map(artifacts -> artifacts.get(digest))
        .filter(entry -> entry != null)
        .findFirst();
  }

  /** Names of the absent tiers that have an artifact. */
  public List<String> tiersOf(Digest digest) {
    List<String> names = new ArrayList<>();
    byTier.forEach(
        (tier, artifacts) -> {
          if (artifacts.containsKey(digest)) {
            names.add(tier);
          }
        });
    return names;
  }

  /** Everything that was on a tier. */
  public List<ArtifactEntry> on(String tier) {
    return List.copyOf(byTier.getOrDefault(tier, Map.of()).values());
  }
}
