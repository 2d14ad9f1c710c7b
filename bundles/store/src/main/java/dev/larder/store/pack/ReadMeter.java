package dev.larder.store.pack;

import java.util.function.LongSupplier;

/**
 * What a medium gives when it is read, as moving averages. Several reads under way at once count as
 * one stretch of time, so that the rate is that of the medium. Any thread.
 */
final class ReadMeter {

  /** A rate is taken of so many bytes at least: fewer say more of latency than of bandwidth. */
  private static final long SAMPLE = 8 << 20;

  /** Up to so many bytes a read is all latency. */
  private static final int SMALL = 16 << 10;

  private static final double WEIGHT_OF_RATE = 0.25;
  private static final double WEIGHT_OF_LATENCY = 1.0 / 16;

  private final LongSupplier nanoTime;

  // All guarded by this:
  private int underWay;
  private long since; // something is under way without a break
  private long busy;
  private long bytes;
  private long reads;
  private double bytesPerSecond;
  private double latencyMicros;

  ReadMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A read begins; tells when. */
  synchronized long begin() {
    long now = nanoTime.getAsLong();
    if (underWay++ == 0) {
      since = now;
    }
    return now;
  }

  /**
   * A read has ended.
   *
   * @param length bytes read; 0 if it has failed
   * @param begun what {@link #begin} has told
   */
  synchronized void end(int length, long begun) {
    long now = nanoTime.getAsLong();
    if (--underWay == 0) {
      busy += now - since;
    }
    if (length == 0) {
      return;
    }
    reads++;
    bytes += length;
    if (length <= SMALL) {
      latencyMicros = average(latencyMicros, (now - begun) / 1e3, WEIGHT_OF_LATENCY);
    }
    if (bytes >= SAMPLE && underWay == 0 && busy > 0) {
      bytesPerSecond = average(bytesPerSecond, bytes * 1e9 / busy, WEIGHT_OF_RATE);
      bytes = 0;
      busy = 0;
    }
  }

  private static double average(double before, double now, double weight) {
    return before == 0 ? now : before + weight * (now - before);
  }

  /** How many reads. */
  synchronized long reads() {
    return reads;
  }

  /** Bandwidth, in bytes; 0 if too little was read. */
  synchronized double bytesPerSecond() {
    return bytesPerSecond;
  }

  /** Of a small read; 0 if there was none. */
  synchronized double latencyMicros() {
    return latencyMicros;
  }
}
