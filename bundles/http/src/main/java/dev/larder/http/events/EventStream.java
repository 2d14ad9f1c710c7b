package dev.larder.http.events;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that listens. What it does not read fast enough is dropped, and it is told how many
 * events that were; nobody ever waits for it.
 */
final class EventStream implements WriteListener {

  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

  /** Messages that wait at most. */
  static final int LIMIT = 256;

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final Consumer<EventStream> onEnd;
  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private long lost;
  private boolean flushWanted;
  private boolean ended;

  EventStream(AsyncContext context, ServletOutputStream out, Consumer<EventStream> onEnd) {
    this.context = context;
    this.out = out;
    this.onEnd = onEnd;
  }

  /** Queues a message and writes what can be written at once. */
  void offer(String message) {
    synchronized (this) {
      if (ended) {
        return;
      }
      if (waiting.size() < LIMIT) {
        waiting.add(message);
      } else {
        lost++;
      }
    }
    pump();
  }

  @Override
  public void onWritePossible() {
    pump();
  }

  private void pump() {
    try {
      write();
    } catch (IOException | IllegalStateException e) {
      LOG.debug("an event client has gone", e);
      end();
    }
  }

  private synchronized void write() throws IOException {
    while (!ended && out.isReady()) {
      String message = next();
      if (message != null) {
        out.write(message.getBytes(StandardCharsets.UTF_8));
        flushWanted = true;
      } else if (flushWanted) {
        flushWanted = false;
        out.flush();
      } else {
        return;
      }
    }
  }

  private @Nullable String next() {
    String message = waiting.poll();
    if (message == null && lost > 0) {
      message = "event: lost\ndata: {\"count\":" + lost + "}\n\n";
      lost = 0;
    }
    return message;
  }

  @Override
  public void onError(Throwable failure) {
    LOG.debug("an event client has gone", failure);
    end();
  }

  /** Ends the answer. */
  void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      waiting.clear();
    }
    onEnd.accept(this);
    try {
      context.complete();
    } catch (IllegalStateException e) {
      LOG.debug("the container has ended it already", e);
    }
  }
}
