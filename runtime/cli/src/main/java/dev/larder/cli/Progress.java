package dev.larder.cli;

import dev.larder.cli.text.Sizes;
import java.util.Locale;

/**
 * A bar on standard error, drawn only where a person may see it and only when the work takes more
 * than a moment.
 */
public final class Progress implements AutoCloseable {
  private static final long FIRST_NANOS = 300_000_000L;
  private static final long EVERY_NANOS = 100_000_000L;
  private static final int WIDTH = 30;

  private final Session session;
  private final String what;
  private final long total;
  private final boolean shown;
  private final long start;
  private long next;
  private long done;
  private boolean drawn;

  /**
   * A bar.
   *
   * @param what is being done
   * @param total bytes; negative if not known
   */
  public Progress(Session session, String what, long total) {
    this.session = session;
    this.what = what;
    this.total = total;
    this.shown = session.terminal().errIsTerminal() && !session.common().json();
    this.start = shown ? session.nanoTime() : 0;
    this.next = start + FIRST_NANOS;
  }

  /** So many bytes more are through. */
  public void add(long bytes) {
    done += bytes;
    if (shown) {
      long now = session.nanoTime();
      if (now - next >= 0) {
        next = now + EVERY_NANOS;
        draw(now);
      }
    }
  }

  private void draw(long now) {
    double seconds = Math.max(1e-3, (now - start) / 1e9);
    String rate = Sizes.format((long) (done / seconds)) + "/s";
    String line =
        total > 0
            ? String.format(
                Locale.ROOT,
                "%s [%s] %3d %% of %s, %s",
                what,
                bar(done * 1.0 / total),
                Math.min(100, done * 100 / total),
                Sizes.format(total),
                rate)
            : what + " " + Sizes.format(done) + ", " + rate;
    session.terminal().err().print("\r\u001b[K" + line);
    session.terminal().err().flush();
    drawn = true;
  }

  private static String bar(double share) {
    int full = (int) Math.round(Math.min(1, share) * WIDTH);
    return "#".repeat(full) + "-".repeat(WIDTH - full);
  }

  /** Wipes the bar. */
  @Override
  public void close() {
    if (drawn) {
      session.terminal().err().print("\r\u001b[K");
      session.terminal().err().flush();
    }
  }
}
