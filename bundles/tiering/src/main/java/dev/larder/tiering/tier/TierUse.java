package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.store.Volume;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The right to use a tier's volume: until it is closed, the volume stays open, unless its driver or
 * medium goes away and the drain time is up. Hold it for one operation.
 */
public final class TierUse implements AutoCloseable {

  private final Tier tier;
  private final OpenVolume open;
  private final AtomicBoolean closed = new AtomicBoolean();

  TierUse(Tier tier, OpenVolume open) {
    this.tier = tier;
    this.open = open;
  }

  /** Whose volume it is. */
  public Tier tier() {
    return tier;
  }

  /** The volume. */
  public Volume volume() {
    return open.volume;
  }

  /** Whether the volume is about to be closed: time to let go of it and ask the tier again. */
  public boolean isStale() {
    return open.isRetired();
  }

  /**
   * Notes a failure: if the medium is gone, the tier is detached and looks for its return; if it
   * may be, someone looks.
   */
  public void failed(Throwable failure) {
    boolean suspicious = false;
    for (Throwable at = failure; at != null; at = next(at)) {
      if (at instanceof MediumGoneException) {
        tier.mediumGone(open, at);
        return;
      }
      suspicious |=
          at instanceof LarderException typed
              ? typed.code() == ErrorCode.IO_ERROR
              : at instanceof IOException;
    }
    if (suspicious) {
      tier.suspect();
    }
  }

  private static @Nullable Throwable next(Throwable at) {
    return at.getCause() == at ? null : at.getCause();
  }

  /** Ends the use. Only the first time counts. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      open.exit();
    }
  }
}
