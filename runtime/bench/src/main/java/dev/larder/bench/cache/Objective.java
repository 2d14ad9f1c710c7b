package dev.larder.bench.cache;

import java.util.Locale;

/** What hits are worth. */
public enum Objective {
  /** Each hit the same. */
  OHR,
  /** Each byte of a hit the same. */
  BHR,
  /** The mean of object and byte hit ratio. */
  JOINT,
  /** The time that loading would take from an SD card: 0.6 ms, and 40 MB/s. */
  SECONDS;

  private static final double LATENCY_MICROS = 600;
  private static final double BYTES_A_MICRO = 40;

  /** Its name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What a hit is worth, up to a factor that is the same for all.
   *
   * @param size of the object in bytes
   * @param mean size of accesses
   */
  public double value(long size, double mean) {
    return switch (this) {
      case OHR -> 1;
      case BHR -> size;
      case JOINT -> mean + size;
      case SECONDS -> LATENCY_MICROS + size / BYTES_A_MICRO;
    };
  }
}
