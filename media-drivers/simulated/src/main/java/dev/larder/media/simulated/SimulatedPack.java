package dev.larder.media.simulated;

import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** An open pack of a simulated disk. */
final class SimulatedPack implements PackFile {

  private final SimulatedMedium medium;
  private final long number;
  private final StoredPack pack;
  private final boolean append;
  private volatile boolean closed;
  private volatile boolean sealed;

  SimulatedPack(SimulatedMedium medium, long number, StoredPack pack, boolean append) {
    this.medium = medium;
    this.number = number;
    this.pack = pack;
    this.append = append;
  }

  private void requireOpen() throws IOException {
    medium.requireAlive();
    synchronized (medium.disk()) {
      if (closed || pack.isDeleted()) {
        throw new IOException("pack " + number + " is " + (closed ? "closed" : "deleted"));
      }
    }
  }

  private void requireWritable() throws IOException {
    requireOpen();
    if (!append || sealed) {
      throw new IllegalStateException(
          "pack " + number + (sealed ? " is sealed" : " was opened for reading only"));
    }
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    synchronized (medium.disk()) {
      return pack.size();
    }
  }

  @Override
  public int read(ByteBuffer target, long position, Cancellation cancellation) throws IOException {
    requireOpen();
    cancellation.check();
    return medium
        .disk()
        .look(
            medium,
            Operation.READ,
            target.remaining(),
            cancellation,
            () -> pack.read(target, position));
  }

  @Override
  public void append(ByteBuffer source, long position) throws IOException {
    requireWritable();
    long end = size();
    if (position < end) {
      throw new IllegalStateException(
          "append to pack " + number + " at " + position + ", but it ends at " + end);
    }
    medium
        .disk()
        .change(
            medium,
            Operation.APPEND,
            source.remaining(),
            new Append(source, (int) (position - end)));
  }

  private final class Append implements SimulatedDisk.Change {
    private final ByteBuffer source;
    private final int gap;

    Append(ByteBuffer source, int gap) {
      this.source = source;
      this.gap = gap;
    }

    @Override
    public void make(boolean durable) throws IOException {
      int wanted = source.remaining();
      int fitting = fitting(wanted);
      pack.append(source, gap, fitting, medium.disk().sequence());
      if (fitting < wanted) {
        throw SimulatedDisk.full("no room for " + wanted + " bytes of pack " + number);
      }
    }

    @Override
    public void fail(Random random) {
      int part = random.nextInt(source.remaining() + 1);
      pack.append(source, gap, fitting(part), medium.disk().sequence());
    }

    private int fitting(int wanted) {
      return Math.max(0, medium.fitting(pack, gap + wanted) - gap);
    }
  }

  @Override
  public void force() throws IOException {
    requireWritable();
    medium
        .disk()
        .change(
            medium,
            Operation.FORCE,
            0,
            new SimulatedDisk.Change() {
              @Override
              public void make(boolean durable) {
                if (durable) {
                  pack.force();
                }
              }

              @Override
              public void fail(Random random) {
                pack.forceFailed();
              }
            });
  }

  @Override
  public void seal() throws IOException {
    force();
    sealed = true;
  }

  @Override
  public void truncate(long size) throws IOException {
    requireWritable();
    long end = size();
    if (size < 0 || size > end) {
      throw new IllegalArgumentException(
          "cannot cut pack " + number + " of " + end + " at " + size);
    }
    medium.disk().change(medium, Operation.TRUNCATE, 0, durable -> pack.truncate((int) size));
  }

  @Override
  public void close() {
    closed = true;
  }
}
