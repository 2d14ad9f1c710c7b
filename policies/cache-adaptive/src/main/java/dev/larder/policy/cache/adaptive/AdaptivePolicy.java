package dev.larder.policy.cache.adaptive;

import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * Ranks by the rule that would have saved most lately in this cache. Each cache tries the rules on
 * some of its keys: see {@link AdaptiveRanking}.
 */
@Capability(
    namespace = "larder.policy",
    name = AdaptivePolicy.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=cache")
@Component(
    configurationPid = AdaptivePolicy.PID,
    service = CachePolicy.class,
    property = CachePolicy.NAME + "=" + AdaptivePolicy.SHORT_NAME)
@Designate(ocd = AdaptivePolicy.Config.class)
public final class AdaptivePolicy implements CachePolicy {

  static final String SHORT_NAME = "adaptive";
  static final String PID = "larder.policy.cache.adaptive";

  /** Its configuration; a change replaces the policy, and nothing is evicted. */
  @ObjectClassDefinition(name = "Larder cache policy: adaptive")
  @interface Config {

    /** What is to be saved. */
    @AttributeDefinition(
        name = "Objective",
        description = "What a hit is worth",
        options = {
          @Option(label = "the measured time that loading would take", value = "seconds"),
          @Option(label = "each the same: object hit ratio", value = "ohr"),
          @Option(label = "its bytes: byte hit ratio", value = "bhr"),
          @Option(label = "mean of object and byte hit ratio", value = "joint")
        })
    String objective() default "seconds";

    /** Of the small objects. */
    @AttributeDefinition(
        name = "Share for small objects",
        description =
            "Percent of the cache, 0 to 50, within which objects of less than 1 MiB are kept"
                + " whatever a hit of them is worth; with the objective 'seconds' only",
        min = "0",
        max = "50")
    int smallPercent() default 5;
  }

  private final Objective objective;
  private final int smallPercent;

  /** With a configuration; a wrong value fails with {@link IllegalArgumentException}. */
  @Activate
  public AdaptivePolicy(Config config) {
    this(Objective.of(config.objective()), config.smallPercent());
  }

  /**
   * For use without a framework.
   *
   * @param smallPercent share of the cache for objects of less than 1 MiB, 0 to 50
   */
  public AdaptivePolicy(Objective objective, int smallPercent) {
    if (smallPercent < 0 || smallPercent > 50) {
      throw new IllegalArgumentException(
          PID + ": smallPercent is " + smallPercent + ", set it to 0 to 50");
    }
    this.objective = objective;
    this.smallPercent = smallPercent;
  }

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public CachePolicy forCache(CacheTraits cache) {
    return new AdaptiveRanking(cache, objective, smallPercent);
  }

  /** Least recently used; a cache asks its own instance. */
  @Override
  public double rank(LedgerEntry entry) {
    return entry.lastTick();
  }
}
