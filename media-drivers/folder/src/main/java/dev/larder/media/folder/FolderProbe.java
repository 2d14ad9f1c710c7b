package dev.larder.media.folder;

import dev.larder.media.folder.SteadyFile.Mode;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediaProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Measures a medium for less than a second: writes at most 16 MiB in large steps, forces them,
 * reads them back in large steps and then in small ones at random places.
 *
 * <p>Without direct I/O the reads would measure memory, so what was expected of them then stays. A
 * probe that fails leaves the expectations as they are: it never stands in a volume's way.
 */
final class FolderProbe {

  private static final int STEP = 1 << 20;
  private static final int MAX_STEPS = 16;
  private static final int STEPS_PER_SYNC = 4;
  private static final int SMALL = 4096;
  private static final int MAX_SMALL_READS = 64;
  private static final long WRITE_NANOS = 350_000_000L;
  private static final long READ_NANOS = 250_000_000L;
  private static final long LATENCY_NANOS = 150_000_000L;

  private final Path file;
  private final boolean direct;
  private final LongSupplier nanoTime;
  private final Cancellation cancellation;
  private final SplittableRandom random = new SplittableRandom(0x4C415244);

  FolderProbe(Path folder, boolean direct, LongSupplier nanoTime, Cancellation cancellation) {
    this.file = folder.resolve(PackNames.probe());
    this.direct = direct;
    this.nanoTime = nanoTime;
    this.cancellation = cancellation;
  }

  /** The profile with what could be measured. */
  MediaProfile measure(MediaProfile expected, long freeBytes) {
    if (freeBytes < 4L * MAX_STEPS * STEP) {
      return expected;
    }
    try {
      return measure(expected);
    } catch (IOException e) {
      return expected;
    } finally {
      delete();
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Then it goes when the volume is opened next; until then it costs a little room.
      return;
    }
  }

  private MediaProfile measure(MediaProfile expected) throws IOException {
    int alignment = expected.alignmentBytes();
    ByteBuffer buffer = ByteBuffer.allocateDirect(STEP + alignment).alignedSlice(alignment);
    buffer.limit(STEP);
    long started = nanoTime.getAsLong();
    int steps = write(buffer);
    long writeRate = rate(steps, nanoTime.getAsLong() - started);
    if (!direct) {
      return expected.measured(
          expected.readLatencyMicros(), expected.readBytesPerSecond(), writeRate);
    }
    try (SteadyFile reader = new SteadyFile(file, Mode.READ_DIRECT)) {
      long readRate = readRate(reader, buffer, steps);
      return expected.measured(
          latencyMicros(reader, buffer, steps, alignment), readRate, writeRate);
    } catch (IOException e) {
      return expected.measured(
          expected.readLatencyMicros(), expected.readBytesPerSecond(), writeRate);
    }
  }

  private int write(ByteBuffer buffer) throws IOException {
    int steps = 0;
    long started = nanoTime.getAsLong();
    try (SteadyFile writer = new SteadyFile(file, Mode.WRITE)) {
      while (steps < MAX_STEPS && nanoTime.getAsLong() - started < WRITE_NANOS) {
        cancellation.check();
        scramble(buffer);
        writer.write(buffer, (long) steps * STEP);
        // Now and then, or the page cache would take all, and the time be up in one long force.
        if (steps % STEPS_PER_SYNC == 0) {
          writer.sync();
        }
        steps++;
      }
      writer.sync();
    }
    return steps;
  }

  /** New bytes for each step: some media compress. */
  private void scramble(ByteBuffer buffer) {
    buffer.clear().limit(STEP);
    while (buffer.hasRemaining()) {
      buffer.putLong(random.nextLong());
    }
    buffer.flip();
  }

  private long readRate(SteadyFile reader, ByteBuffer buffer, int steps) throws IOException {
    long started = nanoTime.getAsLong();
    int done = 0;
    while (done < steps && nanoTime.getAsLong() - started < READ_NANOS) {
      cancellation.check();
      buffer.clear().limit(STEP);
      reader.read(buffer, (long) done * STEP);
      done++;
    }
    return rate(done, nanoTime.getAsLong() - started);
  }

  private double latencyMicros(SteadyFile reader, ByteBuffer buffer, int steps, int alignment)
      throws IOException {
    int length = Math.max(SMALL, alignment);
    long[] nanos = new long[MAX_SMALL_READS];
    long started = nanoTime.getAsLong();
    int done = 0;
    while (done < MAX_SMALL_READS && nanoTime.getAsLong() - started < LATENCY_NANOS) {
      cancellation.check();
      long place = (long) random.nextInt(steps * (STEP / length)) * length;
      buffer.clear().limit(length);
      long before = nanoTime.getAsLong();
      reader.read(buffer, place);
      nanos[done++] = nanoTime.getAsLong() - before;
    }
    Arrays.sort(nanos, 0, done);
    return nanos[done / 2] / 1000.0;
  }

  private static long rate(int steps, long nanos) {
    return Math.max(1, (long) (steps * (double) STEP * 1e9 / Math.max(1, nanos)));
  }
}
