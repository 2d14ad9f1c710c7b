package dev.larder.itest.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What taking an input may cost. Only what the calling thread does is seen, so a target does all
 * its work there.
 *
 * @param bytes of memory allocated, whatever the input's length
 * @param bytesPerByte and for each byte of it
 */
record Limits(long bytes, long bytesPerByte) {

  /** Processor time for one input; the slowest takes some milliseconds. */
  private static final long MOST_CPU_NANOS = 3_000_000_000L;

  /** Under coverage guidance the code that counts allocates, too. */
  private static final int LENIENCE = System.getenv("JAZZER_FUZZ") == null ? 1 : 4;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** For a decoder of something small. */
  static final Limits SMALL = new Limits(256 << 10, 64);

  /** For a chunker, whose target makes the content first. */
  static final Limits CHUNKER = new Limits(4 << 20, 512);

  /** For a volume that is opened twice, read as a whole, put to and collected. */
  static final Limits VOLUME = new Limits(96 << 20, 1024);

  /** Lets a target take an input, and fails if that costs too much. */
  void hold(Target target, byte[] input) throws Exception {
    Cost cost = cost(target, input);
    if (!cost.within(this, input)) {
      cost = cost(target, input); // the first time may have loaded classes
    }
    if (!cost.within(this, input)) {
      throw new AssertionError(
          "an input of " + input.length + " bytes cost " + cost + "; the limit is " + this);
    }
  }

  private static Cost cost(Target target, byte[] input) throws Exception {
    long cpu = THREADS.getCurrentThreadCpuTime();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    target.take(input);
    return new Cost(
        THREADS.getCurrentThreadAllocatedBytes() - allocated,
        THREADS.getCurrentThreadCpuTime() - cpu);
  }

  private record Cost(long allocatedBytes, long cpuNanos) {
    boolean within(Limits limits, byte[] input) {
      return allocatedBytes <= LENIENCE * (limits.bytes() + limits.bytesPerByte() * input.length)
          && cpuNanos <= LENIENCE * MOST_CPU_NANOS;
    }
  }
}
