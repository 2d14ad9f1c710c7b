package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import dev.larder.api.TierSpec;
import dev.larder.spi.placement.TierView;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The options of a tier that are not its driver's: how much it may be written, and what placement
 * rules are told of it, which is all that begins with {@link TierView#OPTIONS}.
 */
public final class TierOptions {

  private static final String DAILY = "dailyBytes";
  private static final String RATED = "ratedWrites";

  private TierOptions() {}

  /** Bytes that may be written in a day of running time; empty if nobody said. */
  public static OptionalLong dailyBytes(TierSpec spec) throws LarderException {
    return size(spec, DAILY);
  }

  /** Bytes that its medium is rated to be written in its life; empty if nobody said. */
  public static OptionalLong ratedWrites(TierSpec spec) throws LarderException {
    return size(spec, RATED);
  }

  private static OptionalLong size(TierSpec spec, String option) throws LarderException {
    String text = spec.options().get(option);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Quantities.bytes(option, text));
  }

  /**
   * Checks them.
   *
   * @throws LarderException {@code INVALID_ARGUMENT} if one is no size, or nothing
   */
  static void check(TierSpec spec) throws LarderException {
    dailyBytes(spec);
    OptionalLong rated = ratedWrites(spec);
    if (rated.isPresent() && rated.getAsLong() == 0) {
      throw LarderException.invalid("option " + RATED + " must be more than nothing");
    }
  }

  /** What is left for the driver. */
  static Map<String, String> forDriver(TierSpec spec) {
    Map<String, String> options = new TreeMap<>(spec.options());
    options.keySet().removeIf(key -> isOurs(key) || key.startsWith(TierView.OPTIONS));
    return Map.copyOf(options);
  }

  private static boolean isOurs(String key) {
    return key.equals(DAILY) || key.equals(RATED);
  }

  /** What placement rules are told. */
  public static Map<String, String> forRules(TierSpec spec) {
    Map<String, String> options = new TreeMap<>(spec.options());
    options.keySet().removeIf(key -> !key.startsWith(TierView.OPTIONS));
    return Map.copyOf(options);
  }
}
