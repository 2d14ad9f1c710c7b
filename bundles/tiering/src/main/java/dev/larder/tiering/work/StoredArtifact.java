package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.StoredContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** A stored artifact, open for reading; its channels change to another replica where one fails. */
final class StoredArtifact implements StoredContent {

  private final Digest digest;
  private final long size;
  private final Replicas replicas;
  private final Pins.Pin pin;

  StoredArtifact(Digest digest, long size, Replicas replicas, Pins.Pin pin) {
    this.digest = digest;
    this.size = size;
    this.replicas = replicas;
    this.pin = pin;
  }

  @Override
  public Digest digest() {
    return digest;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public ReadableByteChannel read(long offset, long length) throws IOException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw LarderException.invalid(
          "range " + offset + "+" + length + " is not within " + size + " bytes");
    }
    return new Range(offset, offset + length);
  }

  @Override
  public void close() {
    pin.close();
  }

  /** One reader's way through a range. One thread. */
  private final class Range implements ReadableByteChannel {

    private long position;
    private final long end;
    private @Nullable ReplicaChannel source;
    private boolean closed;

    Range(long position, long end) {
      this.position = position;
      this.end = end;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (position >= end) {
        return -1;
      }
      if (!target.hasRemaining()) {
        return 0;
      }
      int read = step(target);
      position += read;
      return read;
    }

    private int step(ByteBuffer target) throws IOException {
      ReplicaChannel open = source;
      if (open != null && !open.isStale()) {
        int before = target.position();
        try {
          return open.read(target);
        } catch (IOException | IllegalStateException e) {
          target.position(before);
          open.failed(e);
        }
      }
      giveUp();
      // Opened anew on the best replica that gives the next bytes.
      return replicas.onAny(
          digest,
          use -> {
            ReplicaChannel next = ReplicaChannel.open(use, digest, position, end - position);
            int before = target.position();
            try {
              int read = next.read(target);
              source = next;
              return read;
            } catch (IOException | RuntimeException e) {
              target.position(before);
              next.close();
              throw e;
            }
          });
    }

    private void giveUp() throws IOException {
      ReplicaChannel open = source;
      source = null;
      if (open != null) {
        open.close();
      }
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() throws IOException {
      closed = true;
      giveUp();
    }
  }
}
