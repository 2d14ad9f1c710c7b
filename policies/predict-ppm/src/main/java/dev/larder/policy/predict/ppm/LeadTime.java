package dev.larder.policy.predict.ppm;

/**
 * A running median of times in one byte: quarter octaves of milliseconds, up to 50 days. Each new
 * time moves it one step towards itself, so it stays where as many are shorter as are longer. After
 * Ma, Muthukrishnan and Sandler, "Frugal streaming for estimating quantiles", 2013.
 */
final class LeadTime {

  private static final int STEPS = 4;
  private static final double NANOS = 1e6;

  private LeadTime() {}

  /** Nearest step of a time. */
  static byte of(long nanos) {
    double octaves = Math.log(Math.max(1, nanos / NANOS)) / Math.log(2);
    return (byte) Math.min(Byte.MAX_VALUE, Math.round(octaves * STEPS));
  }

  /** One step nearer to a time. */
  static byte towards(byte lead, long nanos) {
    return (byte) (lead + Integer.signum(of(nanos) - lead));
  }

  /** The time that a step stands for, in nanoseconds; anything below 0 is none. */
  static long nanos(byte lead) {
    return lead <= 0 ? 0 : (long) (Math.pow(2, (double) lead / STEPS) * NANOS);
  }
}
