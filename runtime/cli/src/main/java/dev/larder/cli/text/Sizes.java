package dev.larder.cli.text;

import java.util.Locale;

/** Sizes as people write and read them: {@code 512m}, {@code 512.0 MiB}. */
public final class Sizes {
  private static final String UNITS = "kmgtpe";

  private Sizes() {}

  /**
   * Reads bytes: digits and one of {@code k m g t p e} (powers of 1024), which {@code b} or {@code
   * ib} may follow.
   *
   * @throws IllegalArgumentException if it is not of that form or is above 8 EiB
   */
  public static long parse(String text) {
    String rest = text.strip().toLowerCase(Locale.ROOT);
    if (rest.endsWith("ib")) {
      rest = rest.substring(0, rest.length() - 2);
    } else if (rest.endsWith("b")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    int power = rest.isEmpty() ? -1 : UNITS.indexOf(rest.charAt(rest.length() - 1));
    String digits = power < 0 ? rest : rest.substring(0, rest.length() - 1);
    try {
      if (digits.isEmpty() || !Character.isDigit(digits.charAt(0))) {
        throw new NumberFormatException(digits);
      }
      return Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (power + 1)));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no size: write bytes as 4096, 512k, 512m or 6g", e);
    }
  }

  /** Writes bytes with one decimal: {@code 512.0 MiB}; below 1 KiB {@code 17 B}. */
  public static String format(long bytes) {
    if (Math.abs(bytes) < 1024) {
      return bytes + " B";
    }
    double value = bytes / 1024.0;
    int unit = 0;
    while (Math.abs(value) >= 1023.95 && unit < UNITS.length() - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT, "%.1f %ciB", value, Character.toUpperCase(UNITS.charAt(unit)));
  }
}
