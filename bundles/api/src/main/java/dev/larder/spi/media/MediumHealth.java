package dev.larder.spi.media;

import java.util.OptionalDouble;

/**
 * How a medium is.
 *
 * @param lifeUsed share of its rated life that is used, 0 to 1 and beyond; empty if it does not say
 * @param findings one line for people; empty if all is well
 */
public record MediumHealth(OptionalDouble lifeUsed, String findings) {

  /** Nothing known, nothing wrong. */
  public static final MediumHealth UNKNOWN = new MediumHealth(OptionalDouble.empty(), "");
}
