package dev.larder.tiering;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.Events;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.catalog.SwapRecord;
import dev.larder.tiering.swap.SwapListener;
import java.util.Map;

/** Tells history, events and those who bring artifacts nearer of swaps. */
final class SwapFeed implements SwapListener {

  private final Gateway gateway;

  /** The gateway is not complete yet: it is asked only once there are swaps. */
  SwapFeed(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public void swapped(SwapRequest request, SwapResult result, ArtifactKind kind) {
    gateway.usage.used(result.digest());
    gateway.reencoder.used();
    if (result.level() == SwapLevel.RAM) {
      gateway.caches.used(result.digest());
    }
    if (kind == ArtifactKind.MODEL) {
      gateway.prefetcher.swapped(result.digest(), request.pid().orElse(0));
    }
    gateway.catalog.record(
        new SwapRecord(
            gateway.wallClock.millis(),
            request.reference(),
            result.digest(),
            result.size(),
            result.level(),
            result.nanos()));
    gateway.events.post(
        Events.SWAPPED,
        Map.of(
            Events.REFERENCE, request.reference().toString(),
            Events.DIGEST, result.digest().toString(),
            Events.SIZE, result.size(),
            Events.LEVEL, result.level().name(),
            Events.NANOS, result.nanos()));
  }

  @Override
  public void loaded(Digest digest, SwapLevel level) {
    if (level == SwapLevel.STORAGE) {
      gateway.usage.loaded(digest);
      gateway.loadedFromStorage(digest);
    } else if (level == SwapLevel.CACHE) {
      gateway.fills.hit(digest);
    }
  }
}
