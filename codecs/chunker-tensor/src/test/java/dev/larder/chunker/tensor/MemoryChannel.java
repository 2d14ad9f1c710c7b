package dev.larder.chunker.tensor;

import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A content that can be looked into at any place; gives out few bytes at a time. */
final class MemoryChannel implements SeekableByteChannel {

  private static final int MOST = 1000;

  private final byte[] content;
  private long position;
  private int reads;

  MemoryChannel(byte[] content, long position) {
    this.content = content;
    this.position = position;
  }

  int reads() {
    return reads;
  }

  @Override
  public int read(ByteBuffer target) {
    reads++;
    if (position >= content.length) {
      return -1;
    }
    int length = Math.min(MOST, Math.min(target.remaining(), content.length - (int) position));
    target.put(content, (int) position, length);
    position += length;
    return length;
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return content.length;
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    // nothing to close
  }
}
