package dev.larder.spi.media;

/**
 * What a probe has found out about a medium. A figure that could not be measured is 0; what is
 * expected of the medium then stays.
 *
 * @param readLatencyMicros of one small read, in the middle; below 10 seconds
 * @param readBytesPerSecond in extents of {@code extentBytes}, {@code queueDepth} at once
 * @param writeBytesPerSecond in large steps, forced
 * @param randomReadsPerSecond small ones at random places, several at once
 * @param forceMicros of one small append and its force, in the middle; below 10 seconds
 * @param queueDepth fewest reads at once that give almost all of the bandwidth; at most 64
 * @param extentBytes smallest extent that does; 64 KiB to 16 MiB, a power of two
 */
public record Measurement(
    double readLatencyMicros,
    long readBytesPerSecond,
    long writeBytesPerSecond,
    int randomReadsPerSecond,
    double forceMicros,
    int queueDepth,
    int extentBytes) {

  /** Nothing could be measured. */
  public static final Measurement NONE = new Measurement(0, 0, 0, 0, 0, 0, 0);

  private static final double LONGEST_MICROS = 10e6;

  /** Checks the ranges. */
  public Measurement {
    boolean valid =
        duration(readLatencyMicros)
            && readBytesPerSecond >= 0
            && writeBytesPerSecond >= 0
            && randomReadsPerSecond >= 0
            && duration(forceMicros)
            && (queueDepth == 0 || MediaProfile.validDepth(queueDepth))
            && (extentBytes == 0 || MediaProfile.validExtent(extentBytes));
    if (!valid) {
      throw new IllegalArgumentException("a measurement is out of range");
    }
  }

  private static boolean duration(double micros) {
    return micros >= 0 && micros < LONGEST_MICROS;
  }
}
