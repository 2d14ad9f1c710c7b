package dev.larder.bench.cache;

/** What hits are worth. */
public enum Objective {
  /** Each hit the same. */
  OHR,
  /** Each byte of a hit the same. */
  BHR,
  /** The mean of object and byte hit ratio. */
  JOINT,
  /** The time that loading would take. */
  SECONDS;

  /** Its name on the command line. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * What a hit is worth, up to a factor that is the same for all.
   *
   * @param size of the object
   * @param mean size of accesses; what loading takes beside its bytes, for {@link #SECONDS}
   */
  public double value(long size, double mean) {
    return switch (this) {
      case OHR -> 1;
      case BHR -> size;
      case JOINT, SECONDS -> mean + size;
    };
  }
}
