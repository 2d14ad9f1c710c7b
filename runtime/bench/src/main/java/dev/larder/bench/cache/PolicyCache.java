package dev.larder.bench.cache;

import dev.larder.policy.cache.adaptive.AdaptivePolicy;
import dev.larder.policy.cache.gdsf.GdsfPolicy;
import dev.larder.policy.cache.lfu.LfuPolicy;
import dev.larder.policy.cache.lru.LruPolicy;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.tiering.ledger.CacheModel;
import dev.larder.tiering.ledger.CacheModel.Admission;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A cache with one of the policies that the distribution ships, which is asked what to admit. The
 * time to load an object, which policies see, is what the objective takes a hit for.
 */
public final class PolicyCache implements SimulatedCache {

  /** Names of the policies. */
  public static final List<String> NAMES = List.of("lru", "lfu", "gdsf", "adaptive");

  /** So that two runs give the same. */
  private static final long SEED = 20_031;

  private static final int SMALL_PERCENT = 5; // the policy's default

  private final CacheModel model;
  private final Objective objective;
  private long accesses;
  private double requested;

  /** An empty cache. */
  public PolicyCache(String name, long capacity, Objective objective) {
    this.objective = objective;
    this.model =
        new CacheModel(
            capacity, policy(name, objective), Admission.ASKED, new SplittableRandom(SEED));
  }

  /**
   * A policy as the distribution ships it.
   *
   * @param name one of {@link #NAMES}
   */
  public static CachePolicy policy(String name, Objective objective) {
    return switch (name) {
      case "lru" -> new LruPolicy();
      case "lfu" -> new LfuPolicy();
      case "gdsf" -> new GdsfPolicy();
      case "adaptive" ->
          new AdaptivePolicy(
              dev.larder.policy.cache.adaptive.Objective.valueOf(objective.name()), SMALL_PERCENT);
      default -> throw new IllegalArgumentException("no policy " + name);
    };
  }

  @Override
  public boolean access(int key, long size) {
    accesses++;
    requested += size;
    return model.access(mixed(key), size, objective.value(size, requested / accesses));
  }

  /** Keys of a real cache are digests. */
  private static long mixed(int key) {
    long x = (key + 1) * 0x9E3779B97F4A7C15L;
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  /** Objects that it holds. */
  public int residents() {
    return model.residents();
  }
}
