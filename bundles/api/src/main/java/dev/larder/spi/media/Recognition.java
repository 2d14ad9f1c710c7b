package dev.larder.spi.media;

/**
 * A driver's opinion of a device.
 *
 * @param confidence 1 (could serve it) to 100 (made for exactly this); the highest wins, then the
 *     lower name
 * @param medium what it is, for people, such as {@code SD UHS-I}
 * @param profile what to expect of it before it is measured
 */
public record Recognition(int confidence, String medium, MediaProfile profile) {

  /** Checks the range. */
  public Recognition {
    if (confidence < 1 || confidence > 100) {
      throw new IllegalArgumentException("confidence " + confidence + " is not in 1..100");
    }
  }
}
