package dev.larder.tiering.plan;

/**
 * A home that is to be moved.
 *
 * @param home what is moved
 * @param target name of the tier that it goes to
 * @param reason why
 */
public record Move(Home home, String target, Reason reason) {

  /** Why something is moved. */
  public enum Reason {
    /** It is loaded often. */
    HOT,
    /** It makes room for something that is loaded more often. */
    EXCHANGED,
    /** It is not used for long, and its tier fills up. */
    COLD,
    /** Its tier is nearly full. */
    PRESSURE
  }

  /** Whether it goes to a faster tier. */
  public boolean isUp() {
    return reason == Reason.HOT;
  }
}
