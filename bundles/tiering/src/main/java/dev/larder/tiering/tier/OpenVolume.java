package dev.larder.tiering.tier;

import dev.larder.spi.media.MediaDriver;
import dev.larder.store.Volume;
import dev.larder.store.VolumeIdentity;
import dev.larder.tiering.plugin.PluginLease;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A tier's volume from its opening to its closing. Users count themselves in and out; once it is
 * retired none gets in, and it is closed when the last is out or the drain time is up.
 */
final class OpenVolume {

  private static final int RETIRED = Integer.MIN_VALUE;

  final Volume volume;
  final PluginLease<MediaDriver> driver;

  /** Kernel name of the device below it; empty if there is none, or none that is known. */
  final String device;

  /** Who wrote it, if it is kept apart; null for a volume of ours. */
  final @Nullable VolumeIdentity foreign;

  private final AtomicInteger users = new AtomicInteger(); // sign bit: retired
  private final CountDownLatch unused = new CountDownLatch(1);

  OpenVolume(
      Volume volume,
      PluginLease<MediaDriver> driver,
      String device,
      @Nullable VolumeIdentity foreign) {
    this.volume = volume;
    this.driver = driver;
    this.device = device;
    this.foreign = foreign;
  }

  boolean enter() {
    int count = users.get();
    while (count >= 0) {
      int seen = users.compareAndExchange(count, count + 1);
      if (seen == count) {
        return true;
      }
      count = seen;
    }
    return false;
  }

  void exit() {
    if (users.decrementAndGet() == RETIRED) {
      unused.countDown();
    }
  }

  boolean isRetired() {
    return users.get() < 0;
  }

  void retire() {
    if (users.getAndUpdate(count -> count | RETIRED) == 0) {
      unused.countDown();
    }
  }

  /** Waits until the last user is out; false if that takes too long. */
  boolean awaitUnused(long nanos) {
    try {
      return unused.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
