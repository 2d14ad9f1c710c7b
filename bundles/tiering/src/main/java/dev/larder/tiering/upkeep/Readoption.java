package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.Replicas;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to what the RAM cache has taken over from the gateway before this one: checks it in the
 * background, and drops what has been deleted. Until all tiers are there nobody can say that
 * something has been deleted; it is in nobody's way, since the cache may evict it.
 */
public final class Readoption implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Readoption.class);

  private final RamCache ram;
  private final Namespace names;
  private final Replicas replicas;
  private final Tiers tiers;
  private final Consumer<Digest> kept;
  private final BooleanSupplier loading;
  private final LongSupplier nanoTime;
  private volatile boolean reviewed;
  private volatile boolean closed;

  /**
   * Begins with nothing.
   *
   * @param kept told of what is in RAM and on a tier
   * @param loading whether a model is being loaded just now: checks give way to that
   */
  public Readoption(
      RamCache ram,
      Namespace names,
      Replicas replicas,
      Tiers tiers,
      Consumer<Digest> kept,
      BooleanSupplier loading,
      LongSupplier nanoTime) {
    this.ram = ram;
    this.names = names;
    this.replicas = replicas;
    this.tiers = tiers;
    this.kept = kept;
    this.loading = loading;
    this.nanoTime = nanoTime;
  }

  /** Checks all that is not checked yet, one after the other. */
  public void check() {
    Courtesy courtesy = new Courtesy(loading, nanoTime);
    try {
      for (Digest digest : ram.unchecked()) {
        ram.check(digest, courtesy, () -> closed);
      }
    } catch (CancellationException e) {
      LOG.debug("stopped before the RAM cache was checked", e);
    }
  }

  /** Whether {@link #review} is still to be done and can be. */
  public boolean mayReview() {
    return !reviewed && tiers.allOpen();
  }

  /** Drops what has been deleted, and tells of the rest; once, when all tiers are there. */
  public void review() throws IOException {
    if (!mayReview()) {
      return;
    }
    for (Reference reference : ram.references()) {
      if (names.newest(reference).flatMap(ReferenceChange::target).isEmpty()) {
        ram.forget(reference);
      }
    }
    for (Digest digest : ram.digests()) {
      if (replicas.entry(digest).isEmpty()) {
        ram.discard(digest);
      } else {
        kept.accept(digest);
      }
    }
    reviewed = true;
  }

  /** Ends a check that is under way. */
  @Override
  public void close() {
    closed = true;
  }
}
