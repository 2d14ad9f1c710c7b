package dev.larder.tiering.upkeep;

/**
 * A bucket of bytes that may be written: it fills up with running time, to a day's worth, and all
 * that is written is taken from it. Not safe for use by several threads.
 */
public final class WearBucket {

  private static final double DAY_NANOS = 86_400e9;

  private double available;
  private long written;
  private long since;
  private double wanted; // what was refused last; 0 for nothing

  /**
   * A bucket.
   *
   * @param available bytes in it; less than 0 for a debt
   * @param written bytes written so far
   * @param now running nanoseconds
   */
  public WearBucket(double available, long written, long now) {
    this.available = available;
    this.written = written;
    this.since = now;
  }

  /** Adds what was earned, and takes what was written off. */
  public void settle(long daily, long total, long now) {
    double earned = daily * ((now - since) / DAY_NANOS);
    available = Math.min(daily, available + earned - Math.max(0, total - written));
    if (available >= wanted) {
      wanted = 0;
    }
    written = total;
    since = now;
  }

  /**
   * Whether so many bytes may be written, as of the last settlement. What is larger than a day's
   * worth may be if the bucket is full: it is then in debt, and nothing follows before that is
   * paid.
   */
  public boolean allows(long bytes, long daily) {
    long enough = Math.min(bytes, daily);
    boolean allowed = daily > 0 && available >= enough;
    if (!allowed) {
      wanted = enough;
    }
    return allowed;
  }

  /** Bytes that may be written, as of the last settlement. */
  public double available() {
    return available;
  }

  long written() {
    return written;
  }

  /** Whether something was refused that would still be. */
  public boolean holdsBack() {
    return wanted > available;
  }

  /** Running time until what was refused may be written, in seconds. */
  double secondsUntilEnough(long daily) {
    return Math.max(0, wanted - available) / daily * (DAY_NANOS / 1e9);
  }
}
