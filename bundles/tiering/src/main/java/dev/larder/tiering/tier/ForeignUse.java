package dev.larder.tiering.tier;

import dev.larder.store.Volume;
import dev.larder.store.VolumeIdentity;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to look at another gateway's volume: until it is closed, the volume stays open. */
public final class ForeignUse implements AutoCloseable {

  private final OpenVolume open;
  private final VolumeIdentity identity;
  private final AtomicBoolean closed = new AtomicBoolean();

  ForeignUse(OpenVolume open) {
    this.open = open;
    if (open.foreign == null) {
      throw new IllegalArgumentException("not foreign");
    }
    this.identity = open.foreign;
  }

  /** The volume: to be read only. */
  public Volume volume() {
    return open.volume;
  }

  /** Who it is and who wrote it last. */
  public VolumeIdentity identity() {
    return identity;
  }

  /** Whether it is about to be closed. */
  public boolean isStale() {
    return open.isRetired();
  }

  /** Ends the use. Only the first time counts. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      open.exit();
    }
  }
}
