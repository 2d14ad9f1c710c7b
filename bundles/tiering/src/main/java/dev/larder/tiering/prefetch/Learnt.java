package dev.larder.tiering.prefetch;

import dev.larder.spi.prediction.UsagePredictor;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.prefetch.PredictionFile.Content;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the predictor has learnt: handed to one that comes (at the start, or when its bundle was
 * updated), kept in memory every few events, and in the home seldom: flash wears. For one thread at
 * a time.
 */
final class Learnt {

  private static final Logger LOG = LoggerFactory.getLogger(Learnt.class);
  private static final int EVENTS = 32;
  private static final long WRITE_NANOS = Duration.ofMinutes(30).toNanos();

  private final PredictionFile file;
  private final CacheView cache;
  private final LongSupplier nanoTime;
  private Content content;
  private long sequence; // of the predictor that has it; 0: none yet
  private int events; // since content was taken
  private boolean written = true;
  private long writtenAt;

  Learnt(PredictionFile file, CacheView cache, LongSupplier nanoTime) {
    this.file = file;
    this.cache = cache;
    this.nanoTime = nanoTime;
    this.writtenAt = nanoTime.getAsLong();
    this.content = file.read();
    content.digests().forEach(cache::used);
  }

  /** Before a predictor is asked: it takes up what one of its name had learnt. */
  void handTo(PolicyLease<UsagePredictor> lease) {
    if (sequence == lease.sequence()) {
      return;
    }
    sequence = lease.sequence();
    events = 0;
    if (content.predictor().equals(lease.name())) {
      lease.policy().restore(content.snapshot().clone());
    }
  }

  /** After it was asked. */
  void keep(PolicyLease<UsagePredictor> lease) {
    if (++events >= EVENTS) {
      take(lease);
    }
    if (!written && nanoTime.getAsLong() - writtenAt >= WRITE_NANOS) {
      write();
    }
  }

  private void take(PolicyLease<UsagePredictor> lease) {
    events = 0;
    lease
        .policy()
        .snapshot()
        .filter(bytes -> bytes.length <= PredictionFile.MOST_SNAPSHOT)
        .ifPresent(
            bytes -> {
              content = new Content(lease.name(), cache.known(), bytes);
              written = false;
            });
  }

  private void write() {
    written = true;
    writtenAt = nanoTime.getAsLong();
    try {
      file.write(content);
    } catch (IOException e) {
      LOG.warn("what was learnt for predictions cannot be kept", e);
    }
  }

  /** At the end, with the predictor if it is still there. */
  void close(PolicyLease<UsagePredictor> lease) {
    if (events > 0 && sequence == lease.sequence()) {
      try {
        take(lease);
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        lease.withdraw("snapshot threw " + e);
      }
    }
    if (!written) {
      write();
    }
  }
}
