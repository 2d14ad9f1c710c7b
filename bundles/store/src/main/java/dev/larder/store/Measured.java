package dev.larder.store;

import dev.larder.spi.media.Measurement;
import java.util.UUID;

/**
 * What a probe has found out about a volume's medium. It holds for the gateway that measured it,
 * and while the medium is reached in the same way: a card is another one in another slot.
 *
 * @param gateway that measured
 * @param medium as its driver described it then; cut at {@value #MOST_NAME} characters
 * @param found the figures
 */
public record Measured(UUID gateway, String medium, Measurement found) {

  /** Most characters of a description that are kept. */
  public static final int MOST_NAME = 64;

  /** Cuts the description. */
  public Measured {
    medium = cut(medium);
  }

  /** Whether it holds for a gateway and a medium of that description. */
  public boolean isOf(UUID thatGateway, String thatMedium) {
    return gateway.equals(thatGateway) && medium.equals(cut(thatMedium));
  }

  private static String cut(String text) {
    return text.length() > MOST_NAME ? text.substring(0, MOST_NAME) : text;
  }
}
