package dev.larder.tiering;

import dev.larder.api.LarderException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 512m}, {@code 6g}. */
final class Quantities {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})([kmgt]?)(?:i?b)?");

  private Quantities() {}

  /**
   * Reads a size in bytes; k, m, g and t are powers of 1,024.
   *
   * @throws LarderException {@code INVALID_ARGUMENT} if it is none
   */
  static long bytes(String what, String text) throws LarderException {
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

  private static LarderException invalid(String what, String text) {
    return LarderException.invalid(what + " '" + text + "' is not a size such as 512m or 6g");
  }
}
