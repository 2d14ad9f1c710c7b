package dev.larder.tiering.work;

import dev.larder.api.ErrorCode;
import dev.larder.api.FormatId;
import dev.larder.api.HealthFinding;
import dev.larder.api.LarderException;
import dev.larder.spi.codec.BlockContext;
import dev.larder.store.Codecs;
import dev.larder.tiering.plugin.CodecRegistry;
import dev.larder.tiering.plugin.PluginInfo;
import dev.larder.tiering.plugin.PluginListener;
import dev.larder.tiering.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The installed codecs; where one has gone a moment ago, waits for it: its bundle is probably being
 * updated. One that stays away fails at once.
 */
public final class PatientCodecs implements Codecs, AutoCloseable {

  private static final int MOST_MISSED = 32;

  /** The registry withdraws a codec a moment before it says so. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final CodecRegistry codecs;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final Map<String, Long> gone = new HashMap<>(); // under the lock
  private final Set<String> seen = new HashSet<>(); // under the lock; grows with bundles, not data
  private final Set<String> missed = new TreeSet<>(); // under the lock
  private final PluginRegistry.Handle handle;

  /** Over a registry. */
  public PatientCodecs(CodecRegistry codecs, Duration patience, LongSupplier nanoTime) {
    this.codecs = codecs;
    this.patience = patience;
    this.nanoTime = nanoTime;
    this.handle = codecs.listen(this::changed);
  }

  private void changed(PluginListener.Change change, PluginInfo codec) {
    lock.lock();
    try {
      if (change == PluginListener.Change.ADDED) {
        gone.remove(codec.name());
        missed.remove(codec.name());
        seen.add(codec.name());
        came.signalAll();
      } else {
        gone.put(codec.name(), nanoTime.getAsLong());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int encode(FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    for (Wait wait = new Wait(codec); ; ) {
      try {
        return codecs.encode(codec, block, context, target);
      } catch (LarderException e) {
        wait.after(e);
      }
    }
  }

  /** Nobody waits for it: what is not there is left as it is. */
  @Override
  public int encodeThoroughly(
      FormatId codec, ByteBuffer block, BlockContext context, ByteBuffer target)
      throws IOException {
    return codecs.encodeThoroughly(codec, block, context, target);
  }

  @Override
  public Optional<ByteBuffer> train(FormatId codec, List<ByteBuffer> samples, int mostBytes)
      throws IOException {
    return codecs.train(codec, samples, mostBytes);
  }

  @Override
  public void decode(FormatId codec, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws IOException {
    for (Wait wait = new Wait(codec); ; ) {
      try {
        codecs.decode(codec, stored, context, target);
        return;
      } catch (LarderException e) {
        wait.after(e);
      }
    }
  }

  /** The patience of one call. A codec may go again between its return and the next try. */
  private final class Wait {
    private final FormatId codec;
    private boolean retried;
    private long end;

    Wait(FormatId codec) {
      this.codec = codec;
    }

    /** Returns when another try may succeed, else throws the failure. */
    void after(LarderException e) throws LarderException {
      if (e.code() != ErrorCode.CODEC_MISSING) {
        throw e;
      }
      lock.lock();
      try {
        long now = nanoTime.getAsLong();
        end = retried ? end : now + patience.toNanos();
        if (!awaitCodec(now)) {
          note(codec.name());
          throw e;
        }
        retried = true;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw e;
      } finally {
        lock.unlock();
      }
    }

    private boolean awaitCodec(long start) throws InterruptedException {
      for (long now = start; end - now > 0; now = nanoTime.getAsLong()) {
        Optional<FormatId> installed = codecs.find(codec.name());
        if (installed.isPresent()) {
          return !retried || installed.get().equals(codec);
        }
        Long since = gone.get(codec.name());
        if (since == null && !seen.contains(codec.name())) {
          return false;
        }
        long left =
            since == null ? end - now : Math.min(end - now, since + patience.toNanos() - now);
        if (left <= 0) {
          return false;
        }
        came.await(Math.min(left, LOOK_AGAIN_NANOS), TimeUnit.NANOSECONDS);
      }
      return false;
    }
  }

  private void note(String name) {
    if (missed.size() < MOST_MISSED) {
      missed.add(name);
    }
  }

  /** Codecs that stored data needed and that are not there. */
  public List<HealthFinding> health() {
    lock.lock();
    try {
      return missed.stream()
          .map(
              name ->
                  new HealthFinding(
                      HealthFinding.Severity.ERROR,
                      "codec/" + name,
                      "data that it wrote cannot be read: it is not installed",
                      "install or start its bundle; the data are then readable again"))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
