package dev.larder.cli.text;

import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write and read them: {@code 500ms}, {@code 60s}, {@code 10m}. */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads digits with one of the units {@code ms s m h d}.
   *
   * @throws IllegalArgumentException if it is not of that form or is longer than a year
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw invalid(text);
    }
    long millis = millis(Long.parseLong(matcher.group(1)), matcher.group(2), text);
    if (millis > 366L * 86_400_000) {
      throw new IllegalArgumentException("'" + text + "' is longer than a year");
    }
    return Duration.ofMillis(millis);
  }

  private static long millis(long count, String unit, String text) {
    try {
      return switch (unit) {
        case "ms" -> count;
        case "s" -> Math.multiplyExact(count, 1000L);
        case "m" -> Math.multiplyExact(count, 60_000L);
        case "h" -> Math.multiplyExact(count, 3_600_000L);
        default -> Math.multiplyExact(count, 86_400_000L);
      };
    } catch (ArithmeticException e) {
      throw invalid(text);
    }
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no duration: write 500ms, 60s, 10m, 2h or 1d");
  }

  /** Milliseconds as a decimal to the microsecond, for {@code --json}. */
  public static JsonPrimitive millisOf(long nanos) {
    return new JsonPrimitive(BigDecimal.valueOf(nanos / 1000, 3));
  }

  /** Milliseconds for people: {@code 0.412 ms}, {@code 3.21 s}, {@code 4 min 10 s}. */
  public static String format(double millis) {
    if (millis < 1000) {
      return String.format(Locale.ROOT, "%.3f ms", millis);
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }
    long seconds = Math.round(millis / 1000);
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    long minutes = seconds / 60;
    return minutes < 1440
        ? minutes / 60 + " h " + minutes % 60 + " min"
        : minutes / 1440 + " d " + minutes % 1440 / 60 + " h";
  }
}
