package dev.larder.policy.placement.cost;

import dev.larder.spi.media.MediaClass;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is weighed against what.
 *
 * @param secondsPerDollar of waiting
 * @param secondsPerWattHour of waiting
 * @param stayDays how long an artifact stays where it was written
 * @param media what media cost
 */
record Weights(
    double secondsPerDollar,
    double secondsPerWattHour,
    double stayDays,
    Map<MediaClass, MediumCost> media) {

  /** An hour of waiting for a dollar. */
  static final double SECONDS_PER_DOLLAR = 3600;

  /** About what it costs at 0.30 dollars a kilowatt-hour; far more where a battery gives it. */
  static final double SECONDS_PER_WATT_HOUR = 1;

  static final double STAY_DAYS = 30;

  /** The defaults. */
  static Weights defaults() {
    Map<MediaClass, MediumCost> media = new EnumMap<>(MediaClass.class);
    for (MediaClass each : MediaClass.values()) {
      media.put(each, MediumCost.of(each));
    }
    return new Weights(SECONDS_PER_DOLLAR, SECONDS_PER_WATT_HOUR, STAY_DAYS, media);
  }

  /**
   * As configured.
   *
   * @throws IllegalArgumentException if a figure is none, or out of its range
   */
  static Weights of(CostConfig config) {
    Map<MediaClass, MediumCost> media = new EnumMap<>(defaults().media());
    for (String text : config.prices()) {
      double price = value(text);
      media.computeIfPresent(
          media(text), (m, cost) -> new MediumCost(price, cost.watts(), cost.cycles()));
    }
    for (String text : config.watts()) {
      double watts = value(text);
      media.computeIfPresent(
          media(text),
          (m, cost) -> new MediumCost(cost.dollarsPerGigabyte(), watts, cost.cycles()));
    }
    for (String text : config.cycles()) {
      double cycles = value(text);
      media.computeIfPresent(
          media(text),
          (m, cost) -> new MediumCost(cost.dollarsPerGigabyte(), cost.watts(), cycles));
    }
    return new Weights(
        inRange("seconds.per.dollar", config.seconds_per_dollar(), 0, 1e9),
        inRange("seconds.per.watt.hour", config.seconds_per_watt_hour(), 0, 1e9),
        inRange("stay.days", config.stay_days(), 0.01, 3650),
        media);
  }

  private static double inRange(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", which is not from " + least + " to " + most);
    }
    return value;
  }

  private static MediaClass media(String text) {
    String name = text.substring(0, Math.max(0, text.indexOf('='))).strip();
    try {
      return MediaClass.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' does not name a class of media", e);
    }
  }

  private static double value(String text) {
    return number(text.substring(text.indexOf('=') + 1))
        .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not like NVME=0.10"));
  }

  /** A figure that is not negative; empty if the text is none. */
  static Optional<Double> number(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      return value >= 0 && value < 1e12 ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
