package dev.larder.store.read;

import dev.larder.store.pack.VolumeErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Some bytes of an ordered read: filled by a worker, or by the reading thread if it comes first.
 * Gives its buffer back exactly once, and never while it is being filled.
 */
final class Stretch implements Runnable {

  /** Fills a stretch. */
  interface Filler {
    /** Reads the bytes from an offset of the artifact on into all of the buffer. */
    void fill(long offset, ByteBuffer target) throws IOException;
  }

  private final long offset;
  private final ByteBuffer bytes;
  private final Filler filler;
  private final Runnable giveBack;
  private boolean begun;
  private boolean done;
  private boolean abandoned;
  private @Nullable Throwable failure;

  Stretch(long offset, ByteBuffer bytes, Filler filler, Runnable giveBack) {
    this.offset = offset;
    this.bytes = bytes;
    this.filler = filler;
    this.giveBack = giveBack;
  }

  @Override
  public void run() {
    synchronized (this) {
      if (begun) {
        return;
      }
      begun = true;
    }
    Throwable problem = null;
    try {
      filler.fill(offset, bytes.duplicate());
    } catch (IOException | RuntimeException | Error e) {
      problem = e;
    }
    synchronized (this) {
      failure = problem;
      done = true;
      notifyAll();
      if (!abandoned) {
        return;
      }
    }
    giveBack.run();
  }

  /** The bytes not taken yet. */
  ByteBuffer await(VolumeErrors errors) throws IOException {
    run();
    boolean interrupted = false;
    synchronized (this) {
      while (!done) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true; // a worker is reading it and will be done soon
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable problem = failure;
    if (problem != null) {
      throw errors.rethrow(problem);
    }
    return bytes;
  }

  /** Nobody wants it any more. */
  void abandon() {
    synchronized (this) {
      if (abandoned) {
        return;
      }
      abandoned = true;
      if (begun && !done) {
        return; // whoever fills it gives the buffer back
      }
      begun = true;
    }
    giveBack.run();
  }
}
