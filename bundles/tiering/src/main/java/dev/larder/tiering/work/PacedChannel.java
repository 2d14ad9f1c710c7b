package dev.larder.tiering.work;

import dev.larder.store.Pace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A content that is read no faster than a pace allows. For one reading thread. */
final class PacedChannel implements ReadableByteChannel {

  private final ReadableByteChannel channel;
  private final Pace pace;

  PacedChannel(ReadableByteChannel channel, Pace pace) {
    this.channel = channel;
    this.pace = pace;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int bytes = channel.read(target);
    pace.spent(Math.max(0, bytes));
    return bytes;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
