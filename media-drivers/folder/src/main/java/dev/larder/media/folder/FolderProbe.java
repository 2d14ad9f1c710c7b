package dev.larder.media.folder;

import dev.larder.media.folder.SteadyFile.Mode;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Measurement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Measures a medium for about a second: writes less than 16 MiB in large steps and forces them,
 * forces a few small appends, and reads small pieces at random places and extents of several sizes.
 *
 * <p>Without direct I/O the reads would measure memory, so there are none. A probe that fails has
 * measured nothing: it never stands in a volume's way.
 */
final class FolderProbe {

  private static final int STEP = 1 << 20;
  private static final int MAX_STEPS = 15;
  private static final int STEPS_PER_SYNC = 4;
  private static final int SMALL = 4096;
  private static final int MAX_FORCES = 16;
  private static final int MAX_SMALL_READS = 64;
  private static final long WRITE_NANOS = 300_000_000L;
  private static final long FORCE_NANOS = 80_000_000L;
  private static final long LATENCY_NANOS = 60_000_000L;
  private static final long RANDOM_NANOS = 60_000_000L;
  private static final long SETTING_NANOS = 40_000_000L;
  private static final long ALL_NANOS = 1_000_000_000L;
  private static final double LONGEST_MICROS = 9e6;

  private final Path file;
  private final int alignment;
  private final boolean direct;
  private final LongSupplier nanoTime;
  private final Cancellation cancellation;
  private final SplittableRandom random = new SplittableRandom(0x4C415244);

  FolderProbe(
      Path folder,
      int alignment,
      boolean direct,
      LongSupplier nanoTime,
      Cancellation cancellation) {
    this.file = folder.resolve(PackNames.probe());
    this.alignment = alignment;
    this.direct = direct;
    this.nanoTime = nanoTime;
    this.cancellation = cancellation;
  }

  /** What could be measured. */
  Measurement measure(Executor executor, long freeBytes) {
    if (freeBytes < 4L * (MAX_STEPS + 1) * STEP) {
      return Measurement.NONE;
    }
    try {
      return measure(executor);
    } catch (IOException e) {
      return Measurement.NONE;
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

  private Measurement measure(Executor executor) throws IOException {
    long started = nanoTime.getAsLong();
    int steps;
    long writeRate;
    double forceMicros;
    try (SteadyFile writer = new SteadyFile(file, Mode.WRITE)) {
      steps = write(writer);
      writeRate = whole((double) steps * STEP * 1e9 / (nanoTime.getAsLong() - started));
      forceMicros = forceMicros(writer, (long) steps * STEP);
    }
    Measurement written = new Measurement(0, 0, writeRate, 0, forceMicros, 0, 0);
    if (!direct) {
      return written;
    }
    try (SteadyFile reader = new SteadyFile(file, Mode.READ_DIRECT)) {
      ParallelReads reads =
          new ParallelReads(executor, nanoTime, cancellation, STEP, Math.max(SMALL, alignment));
      return read(reads, reader, steps, started, written);
    } catch (IOException e) {
      return written; // direct I/O is refused
    }
  }

  private int write(SteadyFile writer) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(STEP);
    int steps = 0;
    long deadline = nanoTime.getAsLong() + WRITE_NANOS;
    while (steps < MAX_STEPS && nanoTime.getAsLong() < deadline) {
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
    return steps;
  }

  /** New bytes for each step: some media compress. */
  private void scramble(ByteBuffer buffer) {
    buffer.clear();
    while (buffer.hasRemaining()) {
      buffer.putLong(random.nextLong());
    }
    buffer.flip();
  }

  /** Of small appends, as a commit makes them. */
  private double forceMicros(SteadyFile writer, long end) throws IOException {
    ByteBuffer small = ByteBuffer.allocateDirect(SMALL);
    long[] nanos = new long[MAX_FORCES];
    long deadline = nanoTime.getAsLong() + FORCE_NANOS;
    int done = 0;
    do {
      cancellation.check();
      long before = nanoTime.getAsLong();
      writer.write(small.clear(), end + (long) done * SMALL);
      writer.syncData();
      nanos[done++] = nanoTime.getAsLong() - before;
    } while (done < MAX_FORCES && nanoTime.getAsLong() < deadline);
    return middleMicros(nanos, done);
  }

  private Measurement read(
      ParallelReads reads, SteadyFile reader, int steps, long started, Measurement written)
      throws IOException {
    int small = Math.max(SMALL, alignment);
    int places = steps * (STEP / small);
    double latencyMicros = latencyMicros(reads, reader, small, places);
    double randomRate =
        reads.run(
            ParallelReads.MOST,
            small,
            RANDOM_NANOS,
            (buffer, number) -> reader.read(buffer, place(number, places) * small));
    List<ReadTuning.Point> seen =
        ReadTuning.sweep(
            (extent, depth) -> extentRate(reads, reader, steps, started, extent, depth));
    boolean complete = ReadTuning.complete(seen);
    ReadTuning.Point chosen =
        complete ? ReadTuning.choose(seen) : new ReadTuning.Point(0, 0, ReadTuning.best(seen));
    return new Measurement(
        latencyMicros,
        whole(chosen.bytesPerSecond()),
        written.writeBytesPerSecond(),
        (int) Math.min(Integer.MAX_VALUE, whole(randomRate)),
        written.forceMicros(),
        chosen.depth(),
        chosen.extentBytes());
  }

  private double latencyMicros(ParallelReads reads, SteadyFile reader, int small, int places)
      throws IOException {
    long[] nanos = new long[MAX_SMALL_READS];
    long deadline = nanoTime.getAsLong() + LATENCY_NANOS;
    int done = 0;
    do {
      int number = done;
      long before = nanoTime.getAsLong();
      reads.run(
          1, small, 0, (buffer, ignored) -> reader.read(buffer, place(number, places) * small));
      nanos[done++] = nanoTime.getAsLong() - before;
    } while (done < MAX_SMALL_READS && nanoTime.getAsLong() < deadline);
    return middleMicros(nanos, done);
  }

  /** Somewhere else each time, and the same at each probe. */
  private static long place(long number, int places) {
    return Math.floorMod((number + 1) * 0x9E3779B97F4A7C15L >>> 16, (long) places);
  }

  private Optional<Double> extentRate(
      ParallelReads reads, SteadyFile reader, int steps, long started, int extent, int depth)
      throws IOException {
    if (nanoTime.getAsLong() - started > ALL_NANOS) {
      return Optional.empty();
    }
    long extents = (long) steps * STEP / extent;
    double perSecond =
        reads.run(
            depth,
            extent,
            SETTING_NANOS,
            (buffer, number) -> reader.read(buffer, number % extents * extent));
    return Optional.of(perSecond * extent);
  }

  private static double middleMicros(long[] nanos, int count) {
    Arrays.sort(nanos, 0, count);
    return Math.min(LONGEST_MICROS, nanos[count / 2] / 1000.0);
  }

  private static long whole(double rate) {
    return Math.max(1, (long) rate);
  }
}
