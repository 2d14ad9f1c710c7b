package dev.larder.store.pack;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What a volume has done at the SPI since it was opened. */
public final class Counters {

  private final LongAdder written = new LongAdder();
  private final LongAdder read = new LongAdder();
  private final LongAdder forces = new LongAdder();
  private final ReadMeter meter;

  /**
   * Nothing was done.
   *
   * @param nanoTime monotonic clock
   */
  public Counters(LongSupplier nanoTime) {
    this.meter = new ReadMeter(nanoTime);
  }

  /** Counts bytes handed to the medium. */
  public void written(long bytes) {
    written.add(bytes);
  }

  /** A read of a pack; tells how many bytes. */
  interface Read {
    int run() throws IOException;
  }

  /** Counts a read, and how long it takes. */
  int read(Read reading) throws IOException {
    long begun = meter.begin();
    int bytes = 0;
    try {
      bytes = Math.max(0, reading.run());
      read.add(bytes);
      return bytes;
    } finally {
      meter.end(bytes, begun);
    }
  }

  /** Counts a force, or a seal that forces. */
  public void forced() {
    forces.increment();
  }

  /** Bytes handed to the medium. */
  public long bytesWritten() {
    return written.sum();
  }

  /** Bytes read from packs. */
  public long bytesRead() {
    return read.sum();
  }

  /** Reads of packs. */
  public long reads() {
    return meter.reads();
  }

  /** Bandwidth of those, in bytes; 0 if too little was read. */
  public double readBytesPerSecond() {
    return meter.bytesPerSecond();
  }

  /** Of a small read; 0 if there was none. */
  public double readLatencyMicros() {
    return meter.latencyMicros();
  }

  /** Forces. */
  public long forces() {
    return forces.sum();
  }
}
