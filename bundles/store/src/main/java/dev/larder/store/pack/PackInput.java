package dev.larder.store.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Reads a pack through a window that moves along. For one thread. */
public final class PackInput {

  private final Source source;
  private final long size;
  private final ByteBuffer window;
  private long start;

  /** Where bytes come from. */
  public interface Source {
    /** Fills a buffer from a place; less only at the end. */
    int read(ByteBuffer target, long position) throws IOException;
  }

  /**
   * Reads a pack.
   *
   * @param window what to read into; used as long as this is
   */
  public PackInput(Source source, long size, ByteBuffer window) {
    this.source = source;
    this.size = size;
    this.window = window;
    window.clear().limit(0);
  }

  /** Bytes of the pack. */
  public long size() {
    return size;
  }

  /**
   * The bytes from a position on: as many as are there, up to a number that the window can hold.
   * Valid until the next call.
   */
  public ByteBuffer at(long position, int atMost) throws IOException {
    int wanted = (int) Math.max(0, Math.min(atMost, size - position));
    if (wanted > window.capacity()) {
      throw new IllegalArgumentException("more than the window holds: " + wanted);
    }
    if (position < start || position + wanted > start + window.limit()) {
      load(position);
    }
    int from = (int) (position - start);
    int there = Math.max(0, Math.min(wanted, window.limit() - from));
    return there == 0 ? ByteBuffer.allocate(0) : window.slice(from, there);
  }

  private void load(long position) throws IOException {
    window.clear();
    window.limit((int) Math.max(0, Math.min(window.capacity(), size - position)));
    start = position;
    if (window.hasRemaining()) {
      source.read(window, position);
    }
    window.flip();
  }

  /** Checksum of a part. */
  public int crc(long position, long length) throws IOException {
    CRC32C crc = new CRC32C();
    long at = position;
    long end = position + length;
    while (at < end) {
      ByteBuffer part = at(at, (int) Math.min(end - at, window.capacity()));
      if (!part.hasRemaining()) {
        break;
      }
      at += part.remaining();
      crc.update(part);
    }
    return (int) crc.getValue();
  }
}
