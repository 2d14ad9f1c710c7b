package dev.larder.chunker.fastcdc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes of blocks, written as {@code min=16384,avg=65536,max=262144,nc=2}.
 *
 * @param min shortest block but the last; 256 bytes or more
 * @param average length that blocks tend to; a power of two, more than {@code min}
 * @param max longest block; more than {@code average}, at most 4 MiB
 * @param level of normalisation: how many bits harder a cut is before the average length, and
 *     easier after it; 0 to 3
 */
record Parameters(int min, int average, int max, int level) {

  /**
   * For models of floats: finds 19 % of the sample models again, against 13 % with {@link #COARSE}.
   */
  static final Parameters FINE = new Parameters(4 << 10, 16 << 10, 64 << 10, 2);

  /**
   * For protocol data: text compresses worse in smaller blocks, and is found less in larger. And
   * for models of bytes, whose versions are deltas against more of each other in larger blocks.
   */
  static final Parameters MIDDLE = new Parameters(8 << 10, 32 << 10, 128 << 10, 2);

  /** For what is large: fewer blocks to remember. */
  static final Parameters COARSE = new Parameters(16 << 10, 64 << 10, 256 << 10, 2);

  private static final int MIN_BYTES = 256;
  private static final int MAX_BYTES = 4 << 20;
  private static final Pattern FORM =
      Pattern.compile("min=(\\d{1,7}),avg=(\\d{1,7}),max=(\\d{1,7}),nc=([0-3])");

  Parameters {
    boolean ordered = MIN_BYTES <= min && min < average && average < max && max <= MAX_BYTES;
    if (!ordered || Integer.bitCount(average) != 1 || level < 0 || level > 3) {
      throw new IllegalArgumentException(
          "sizes of blocks out of range: " + text(min, average, max, level));
    }
  }

  static Parameters parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "parameters of FastCDC read " + COARSE.text() + ", not " + text);
    }
    return new Parameters(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        Integer.parseInt(matcher.group(4)));
  }

  String text() {
    return text(min, average, max, level);
  }

  private static String text(int min, int average, int max, int level) {
    return "min=" + min + ",avg=" + average + ",max=" + max + ",nc=" + level;
  }

  /** Bits that must be zero for a cut at the average length. */
  int bits() {
    return Integer.numberOfTrailingZeros(average);
  }
}
