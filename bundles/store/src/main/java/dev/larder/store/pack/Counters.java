package dev.larder.store.pack;

import java.util.concurrent.atomic.LongAdder;

/** What a volume has done at the SPI since it was opened. */
public final class Counters {

  private final LongAdder written = new LongAdder();
  private final LongAdder read = new LongAdder();
  private final LongAdder forces = new LongAdder();

  /** Counts bytes handed to the medium. */
  public void written(long bytes) {
    written.add(bytes);
  }

  /** Counts bytes read from packs. */
  public void read(long bytes) {
    read.add(bytes);
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

  /** Forces. */
  public long forces() {
    return forces.sum();
  }
}
