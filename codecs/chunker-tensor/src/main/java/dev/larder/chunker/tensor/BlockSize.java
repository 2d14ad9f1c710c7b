package dev.larder.chunker.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one parameter: {@code block=65536}, a power of two from 4 KiB to 1 MiB. */
final class BlockSize {

  static final int DEFAULT_BYTES = 64 << 10;

  private static final int MIN_BYTES = 4 << 10;
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern FORM = Pattern.compile("block=([1-9]\\d{3,6})");

  private BlockSize() {}

  static String text(int bytes) {
    return "block=" + bytes;
  }

  static int parse(String parameters) {
    Matcher matcher = FORM.matcher(parameters);
    if (matcher.matches()) {
      int bytes = Integer.parseInt(matcher.group(1));
      if (bytes >= MIN_BYTES && bytes <= MAX_BYTES && Integer.bitCount(bytes) == 1) {
        return bytes;
      }
    }
    throw new IllegalArgumentException(
        "parameters of tensor blocks are block=4096, 8192 and so on to 1048576, not " + parameters);
  }
}
