package dev.larder.tiering.plugin;

import java.util.Arrays;

/**
 * Tells whether calls are too slow, by their median over a window: one slow call among many, as
 * other processes or the collector cause, does not count. Not safe for use by several threads.
 */
public final class SpeedWindow {

  private final long limitNanos;
  private final long[] window;
  private int count;
  private long generation;

  /**
   * A window.
   *
   * @param calls how many calls are judged at once, 1 or more
   * @param limitNanos largest median that is good
   */
  public SpeedWindow(int calls, long limitNanos) {
    this.window = new long[calls];
    this.limitNanos = limitNanos;
  }

  /**
   * Notes a call.
   *
   * @param callee whom it went to; another one starts a new window
   * @param nanos how long it took
   * @return the median if the window is full and the median too large, else 0
   */
  public long add(long callee, long nanos) {
    if (callee != generation) {
      generation = callee;
      count = 0;
    }
    window[count++] = nanos;
    if (count < window.length) {
      return 0;
    }
    count = 0;
    Arrays.sort(window);
    long median = window[window.length / 2];
    return median > limitNanos ? median : 0;
  }
}
