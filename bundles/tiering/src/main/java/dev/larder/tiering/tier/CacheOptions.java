package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The one option of a tier that is not its driver's: how much a cache tier may be written. */
public final class CacheOptions {

  private static final String DAILY = "dailyBytes";

  private CacheOptions() {}

  /** Bytes that may be written to a cache tier in a day of running time; empty if nobody said. */
  public static OptionalLong dailyBytes(TierSpec spec) throws LarderException {
    String text = spec.options().get(DAILY);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Quantities.bytes(DAILY, text));
  }

  /**
   * Checks it.
   *
   * @throws LarderException {@code INVALID_ARGUMENT} if it is no size, or the tier is no cache
   */
  static void check(TierSpec spec) throws LarderException {
    if (dailyBytes(spec).isPresent() && spec.role() != TierRole.CACHE) {
      throw LarderException.invalid("option " + DAILY + " is for tiers with role 'cache' only");
    }
  }

  /** What is left for the driver. */
  static Map<String, String> forDriver(TierSpec spec) {
    Map<String, String> options = new HashMap<>(spec.options());
    options.remove(DAILY);
    return Map.copyOf(options);
  }
}
