package dev.larder.tiering.plugin;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A call into a plug-in under way: until it is closed, the plug-in's generation is not drained.
 * Hold it for one call or one open resource, in try-with-resources; do not keep the service beyond.
 *
 * @param <S> the service
 */
public final class PluginLease<S> implements AutoCloseable {

  // An updater, not an AtomicBoolean: a lease is taken on every call and is to be one object.
  @SuppressWarnings("rawtypes")
  private static final AtomicIntegerFieldUpdater<PluginLease> CLOSED =
      AtomicIntegerFieldUpdater.newUpdater(PluginLease.class, "closed");

  private final Generation<S> generation;

  @SuppressWarnings("UnusedVariable") // by the updater
  private volatile int closed;

  /** The generation has been entered already. */
  PluginLease(Generation<S> generation) {
    this.generation = generation;
  }

  /** The plug-in. */
  public S service() {
    return generation.registration().service();
  }

  /** Name it is known by. */
  public String name() {
    return generation.registration().name();
  }

  /** Symbolic name and version of its bundle. */
  public String bundle() {
    return generation.registration().bundle();
  }

  /** Number of the registration; another one for a plug-in that went and came again. */
  public long sequence() {
    return generation.registration().sequence();
  }

  /** Whether the plug-in has been replaced or withdrawn meanwhile: time to let go of it. */
  public boolean isStale() {
    return generation.isRetired();
  }

  /** Ends the call. Any thread; only the first time counts. */
  @Override
  public void close() {
    if (CLOSED.compareAndSet(this, 0, 1)) {
      generation.exit();
    }
  }
}
