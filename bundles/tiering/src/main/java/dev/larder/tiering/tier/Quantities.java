package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes and durations as people write them: {@code 512m}, {@code 6g}, {@code 500ms}, {@code 10s}.
 */
public final class Quantities {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})([kmgt]?)(?:i?b)?");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private Quantities() {}

  /**
   * Reads a size in bytes; k, m, g and t are powers of 1,024.
   *
   * @throws LarderException {@code INVALID_ARGUMENT} if it is none
   */
  public static long bytes(String what, String text) throws LarderException {
    Matcher parts = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw invalid(what, text);
    }
    int shift =
        switch (parts.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          case "t" -> 40;
          default -> 0;
        };
    long number = Long.parseLong(parts.group(1));
    if (number > Long.MAX_VALUE >> shift) {
      throw invalid(what, text);
    }
    return number << shift;
  }

  /**
   * Reads a duration.
   *
   * @throws LarderException {@code INVALID_ARGUMENT} if it is none
   */
  public static Duration duration(String what, String text) throws LarderException {
    Matcher parts = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw LarderException.invalid(
          what + " '" + text + "' is not a duration such as 500ms, 60s or 10m");
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofSeconds(number);
    };
  }

  private static LarderException invalid(String what, String text) {
    return LarderException.invalid(what + " '" + text + "' is not a size such as 512m or 6g");
  }
}
