package dev.larder.chunker.tensor;

import dev.larder.spi.chunking.ContentProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads little-endian numbers anywhere in what can be seen of a content: its head, and all of it if
 * there is a source. One thread; the source's position is moved.
 */
final class ContentView {

  /** Longer contents are not looked at: 64 TiB. */
  static final long MAX_BYTES = 1L << 46;

  private static final int PAGE_BYTES = 4 << 10;

  /** Looking may not read more than 256 MiB, however a content scatters its tables. */
  private static final int MAX_PAGES = 1 << 16;

  private final ByteBuffer head;
  private final @Nullable SeekableByteChannel source;
  private final long size;

  /** The part of the source that was read last; its memory is used again. */
  private @Nullable ByteBuffer page;

  private long pageStart;
  private int pages;

  /** Where the buffer that was given out last begins. */
  private long base;

  private ContentView(ByteBuffer head, @Nullable SeekableByteChannel source, long size) {
    this.head = head;
    this.source = source;
    this.size = size;
  }

  /**
   * What can be seen.
   *
   * @throws Malformed if head, size and source contradict one another
   * @throws IOException if the source cannot be asked
   */
  static ContentView of(ContentProbe probe) throws IOException {
    ByteBuffer head = probe.head().slice().order(ByteOrder.LITTLE_ENDIAN);
    SeekableByteChannel source = probe.source().orElse(null);
    long size = probe.size().orElse(-1);
    if (source != null) {
      long found = source.size();
      if (size >= 0 && size != found) {
        throw new Malformed("the source has another size");
      }
      size = found;
    } else if (size < 0 && head.limit() < ContentProbe.HEAD_BYTES) {
      size = head.limit(); // a head that is not full is all there is
    }
    if (size > MAX_BYTES || (size >= 0 && size < head.limit())) {
      throw new Malformed("a content of " + size + " bytes");
    }
    return new ContentView(head, source, size);
  }

  boolean isSized() {
    return size >= 0;
  }

  /** The content's end, or what no content reaches if its size is not known. */
  long limit() {
    return size >= 0 ? size : MAX_BYTES;
  }

  int u8(long at) throws IOException {
    return buffer(at, 1).get(index(at)) & 0xFF;
  }

  int u16(long at) throws IOException {
    return buffer(at, Short.BYTES).getShort(index(at)) & 0xFFFF;
  }

  int i32(long at) throws IOException {
    return buffer(at, Integer.BYTES).getInt(index(at));
  }

  long u32(long at) throws IOException {
    return i32(at) & 0xFFFF_FFFFL;
  }

  long i64(long at) throws IOException {
    return buffer(at, Long.BYTES).getLong(index(at));
  }

  /** Where {@code at} lies in the buffer that was given out last. */
  private int index(long at) {
    return (int) (at - base);
  }

  /** A buffer that has these bytes; sets {@link #base}. */
  private ByteBuffer buffer(long at, int length) throws IOException {
    if (at < 0 || at > limit() - length) {
      throw new Malformed("nothing at " + at);
    }
    if (at + length <= head.limit()) {
      base = 0;
      return head;
    }
    ByteBuffer found = page;
    if (found == null || at < pageStart || at + length > pageStart + found.limit()) {
      found = load(at, length);
    }
    base = pageStart;
    return found;
  }

  private ByteBuffer load(long at, int length) throws IOException {
    if (source == null || ++pages > MAX_PAGES) {
      throw new Malformed("it cannot be seen");
    }
    ByteBuffer target =
        page == null ? ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN) : page;
    int into = (int) (at % PAGE_BYTES);
    pageStart = into + length <= PAGE_BYTES ? at - into : at;
    source.position(pageStart);
    target.clear();
    while (target.hasRemaining() && source.read(target) >= 0) {
      // until the page is full or the source ends
    }
    page = target.flip();
    if (at + length > pageStart + target.limit()) {
      throw new Malformed("the source ended early");
    }
    return target;
  }
}
