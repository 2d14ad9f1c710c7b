package dev.larder.tiering.swap;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.SwapLevel;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Pace;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.RamFile;
import dev.larder.tiering.swap.ArtifactSource.LoadResult;
import dev.larder.tiering.swap.ArtifactSource.Resolved;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The load of one artifact, which any number of callers wait for, or none if it is loaded ahead.
 * Those who joined before its end are counted; the artifact is held in the cache until the last of
 * them has his lease or has gone.
 */
final class SharedLoad {

  private final Resolved artifact;
  private final RamCache ram;
  private final CompletableFuture<LoadResult> done = new CompletableFuture<>();
  private final AtomicInteger interested = new AtomicInteger(1); // the load itself
  private final AtomicBoolean leased = new AtomicBoolean();
  private volatile @Nullable RamFile file;
  private volatile boolean asked; // whether anybody has waited for it
  private volatile boolean givenUp;
  private volatile boolean published;

  SharedLoad(Resolved artifact, RamCache ram) {
    this.artifact = artifact;
    this.ram = ram;
  }

  /** Counts a caller in; false if the load has ended and nobody waits any more. */
  boolean join() {
    int count = interested.get();
    while (count > 0) {
      int seen = interested.compareAndExchange(count, count + 1);
      if (seen == count) {
        asked = true;
        return true;
      }
      count = seen;
    }
    return false;
  }

  /** Whether somebody waits for it, or has. */
  boolean asked() {
    return asked;
  }

  /** Whether somebody waits for it now; he goes on a moment before the load is forgotten. */
  boolean waitedFor() {
    return asked && !done.isDone();
  }

  /** Gives up a load that nobody waits for; from then on nobody can. False if somebody does. */
  boolean giveUp() {
    if (interested.compareAndSet(1, 0)) {
      givenUp = true;
    }
    return givenUp;
  }

  /** Whether it was given up. */
  boolean givenUp() {
    return givenUp;
  }

  /** Counts a caller out, with his lease or without. */
  void leave() {
    if (!givenUp && interested.decrementAndGet() == 0 && published) {
      ram.unhold(artifact.digest(), asked && !leased.get());
    }
  }

  /** A caller has his lease. */
  void leased() {
    leased.set(true);
  }

  /** Bytes loaded so far. */
  long loadedBytes() {
    RamFile current = file;
    return current == null ? 0 : current.written();
  }

  /**
   * Waits for the end.
   *
   * @throws TimeoutException if it takes longer
   * @throws LarderException as the load failed
   */
  LoadResult await(long nanos) throws LarderException, TimeoutException {
    try {
      return done.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw typed(e.getCause() == null ? e : e.getCause());
    } catch (CancellationException e) {
      throw typed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LarderException(
          ErrorCode.UNAVAILABLE,
          "interrupted while waiting for " + artifact.digest(),
          "the load goes on; try again",
          e);
    }
  }

  private LarderException typed(Throwable cause) {
    if (cause instanceof LarderException typed) {
      return typed;
    }
    if (cause instanceof CancellationException) {
      return new LarderException(
          ErrorCode.UNAVAILABLE, "the gateway is stopping", "try again when it has started", cause);
    }
    if (cause instanceof IOException) {
      return new LarderException(
          ErrorCode.IO_ERROR,
          "loading " + artifact.digest() + " failed: " + cause.getMessage(),
          "see 'larder health' and 'larder tier ls'",
          cause);
    }
    return new LarderException(
        ErrorCode.INTERNAL, "loading " + artifact.digest() + " failed: " + cause, "", cause);
  }

  /** Whether it failed with a defect rather than a typed error. */
  static boolean isDefect(Throwable failure) {
    return !(failure instanceof IOException || failure instanceof CancellationException);
  }

  /**
   * Loads, and lets nothing stay behind if that fails.
   *
   * @return what it failed with, or null; callers have it already
   */
  @Nullable Throwable run(ArtifactSource source, Cancellation cancellation, LongSupplier nanoTime) {
    LoadResult result;
    try {
      result = load(source, cancellation, nanoTime);
    } catch (Throwable e) { // whatever it is, callers wait for it
      leave();
      done.completeExceptionally(e);
      return e;
    }
    leave(); // first: a caller who has his answer may evict the artifact at once
    done.complete(result);
    return null;
  }

  private LoadResult load(ArtifactSource source, Cancellation cancellation, LongSupplier nanoTime)
      throws IOException {
    cancellation.check();
    ram.check(artifact.digest(), Pace.UNLIMITED, cancellation);
    if (ram.hold(artifact.digest())) { // left by the last run, or an earlier load has just ended
      published = true;
      return new LoadResult(SwapLevel.RAM, 0, 0);
    }
    RamFile target = ram.reserve(artifact.digest(), artifact.size(), cancellation);
    file = target;
    boolean complete = false;
    try {
      long start = nanoTime.getAsLong();
      LoadResult result = source.load(artifact.digest(), target, this::asked, cancellation);
      ram.publish(target, nanoTime.getAsLong() - start, !asked);
      complete = true;
      published = true;
      return result;
    } finally {
      if (!complete) {
        ram.abandon(target);
      }
    }
  }

  /** What came out, once it has ended well. */
  Optional<LoadResult> result() {
    return done.isDone() && !done.isCompletedExceptionally()
        ? Optional.of(done.join())
        : Optional.empty();
  }

  /** It could not even be started. */
  void refuse(LarderException reason) {
    leave();
    done.completeExceptionally(reason);
  }
}
