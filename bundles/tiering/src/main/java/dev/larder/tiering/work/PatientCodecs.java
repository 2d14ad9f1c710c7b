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
import java.util.List;
import java.util.Map;
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

  private final CodecRegistry codecs;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition came = lock.newCondition();
  private final Map<String, Long> gone = new HashMap<>(); // under the lock
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
    try {
      return codecs.encode(codec, block, context, target);
    } catch (LarderException e) {
      awaitReturn(codec, e);
      return codecs.encode(codec, block, context, target);
    }
  }

  @Override
  public void decode(FormatId codec, ByteBuffer stored, BlockContext context, ByteBuffer target)
      throws IOException {
    try {
      codecs.decode(codec, stored, context, target);
    } catch (LarderException e) {
      awaitReturn(codec, e);
      codecs.decode(codec, stored, context, target);
    }
  }

  private void awaitReturn(FormatId codec, LarderException e) throws LarderException {
    if (e.code() != ErrorCode.CODEC_MISSING) {
      throw e;
    }
    lock.lock();
    try {
      if (codecs.find(codec.name()).filter(codec::equals).isPresent()) {
        return; // it came between the failure and here
      }
      while (gone.containsKey(codec.name())) {
        long age = nanoTime.getAsLong() - gone.get(codec.name());
        long left = patience.toNanos() - age;
        if (left <= 0) {
          break;
        }
        came.await(left, TimeUnit.NANOSECONDS);
        if (!gone.containsKey(codec.name())) {
          return;
        }
      }
      if (missed.size() < MOST_MISSED) {
        missed.add(codec.name());
      }
      throw e;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw e;
    } finally {
      lock.unlock();
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
