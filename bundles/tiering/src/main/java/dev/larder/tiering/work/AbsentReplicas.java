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
import java.util.function.Function;

/** What was on tiers when they went away, so that it is reported as unavailable. Any thread. */
public final class AbsentReplicas {

  /** What a volume holds or held; the volume itself only tells one opening from the next. */
  private record Left(Volume volume, Function<Digest, Optional<ArtifactEntry>> artifacts) {}

  private final Map<String, Left> byTier = new ConcurrentHashMap<>();

  /** A volume is on its way out; what its last users put on it counts, too. */
  public void leaving(Tier tier, Volume volume) {
    byTier.put(tier.name(), new Left(volume, volume::artifact));
  }

  /** A volume is about to be closed. */
  public void detached(Tier tier, Volume volume) {
    Map<Digest, ArtifactEntry> artifacts = new HashMap<>();
    volume.artifacts().forEach(entry -> artifacts.put(entry.digest(), entry));
    byTier.put(tier.name(), new Left(volume, digest -> Optional.ofNullable(artifacts.get(digest))));
  }

  /** A tier is back with a volume; if that one has gone again already, that stays known. */
  public void attached(Tier tier, Volume volume) {
    byTier.computeIfPresent(tier.name(), (name, left) -> left.volume() == volume ? left : null);
  }

  /** A tier was removed. */
  public void forget(String tier) {
    byTier.remove(tier);
  }

  /** What is known of an artifact. */
  public Optional<ArtifactEntry> find(Digest digest) {
    return byTier.values().stream()
        .map(left -> left.artifacts().apply(digest))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Names of the absent tiers that have an artifact. */
  public List<String> tiersOf(Digest digest) {
    List<String> names = new ArrayList<>();
    byTier.forEach(
        (tier, left) -> {
          if (left.artifacts().apply(digest).isPresent()) {
            names.add(tier);
          }
        });
    return names;
  }
}
