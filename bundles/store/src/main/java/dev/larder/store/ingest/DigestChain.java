package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.store.format.Sha256;
import dev.larder.store.work.Crew;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** SHA-256 of a whole artifact: window after window, at most one job at a time. */
final class DigestChain {

  private final Crew crew;
  private final MessageDigest sha256 = Sha256.newDigest();
  private final ArrayDeque<Window> waiting = new ArrayDeque<>();
  private boolean active;

  DigestChain(Crew crew) {
    this.crew = crew;
  }

  void add(Window window) {
    synchronized (this) {
      waiting.add(window);
      if (active) {
        return;
      }
      active = true;
    }
    crew.submit(this::run);
  }

  private void run() {
    for (Window window = next(); window != null; window = next()) {
      sha256.update(window.cutBytes());
      window.oneDone();
      crew.changed();
    }
  }

  private synchronized @Nullable Window next() {
    Window window = waiting.poll();
    active = window != null;
    return window;
  }

  /** After all windows are done. */
  Digest digest() {
    return Digest.of(sha256.digest());
  }
}
