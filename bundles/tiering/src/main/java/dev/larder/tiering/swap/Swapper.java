package dev.larder.tiering.swap;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.Evictions;
import dev.larder.api.LarderException;
import dev.larder.api.Lease;
import dev.larder.api.ModelSwapper;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.SwapTimeoutException;
import dev.larder.spi.media.Cancellation;
import dev.larder.tiering.ram.LeaseTerms;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.swap.ArtifactSource.LoadResult;
import dev.larder.tiering.swap.ArtifactSource.Resolved;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Swaps artifacts in. A hit is a look-up, a lease and, if the link leads elsewhere, a flip: well
 * under a millisecond whatever the size. A miss is one load for all who ask, on the loaders'
 * threads; each caller waits as long as he likes, and the load goes on when he has gone.
 *
 * <p>Any thread.
 */
public final class Swapper implements ModelSwapper, Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Swapper.class);

  private final ArtifactSource source;
  private final RamCache ram;
  private final Executor loaders;
  private final SwapListener listener;
  private final LongSupplier nanoTime;
  private final SwapCounters counters = new SwapCounters();
  private final Map<Digest, SharedLoad> loads = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A swapper.
   *
   * @param source where artifacts come from
   * @param ram where they go
   * @param loaders runs loads, each of which blocks its thread; threads are never interrupted
   * @param nanoTime monotonic time in nanoseconds
   */
  public Swapper(
      ArtifactSource source,
      RamCache ram,
      Executor loaders,
      SwapListener listener,
      LongSupplier nanoTime) {
    this.source = source;
    this.ram = ram;
    this.loaders = loaders;
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  /** A swap under way: what is asked, when it began and what came out so far. */
  private record Swap(SwapRequest request, LeaseTerms terms, Resolved artifact, long start) {}

  @Override
  public SwapResult swap(SwapRequest request) throws LarderException {
    long start = nanoTime.getAsLong();
    Reference reference = request.reference();
    Resolved artifact = source.resolve(reference).orElseThrow(() -> unknown(reference));
    LeaseTerms terms =
        new LeaseTerms(
            reference, request.pin(), request.lease(), request.pid(), ram.startOf(request.pid()));
    Swap swap = new Swap(request, terms, artifact, start);
    Optional<String> lease = ram.lease(artifact.digest(), terms, true);
    SwapResult result =
        lease.isPresent() ? activate(swap, lease.get(), SwapLevel.RAM, 0, 0) : miss(swap);
    if (result.level() == SwapLevel.RAM) {
      counters.hit(artifact.size());
    } else {
      counters.miss(artifact.size());
    }
    counters.took(result.level(), result.nanos());
    listener.swapped(request, result, artifact.kind());
    return result;
  }

  private static LarderException unknown(Reference reference) {
    return LarderException.notFound("no artifact '" + reference + "'", "see 'larder ls'");
  }

  private SwapResult miss(Swap swap) throws LarderException {
    ram.requireFits(swap.request().reference().toString(), swap.artifact().size());
    SharedLoad load = join(swap.artifact());
    try {
      long left = swap.request().timeout().toNanos() - (nanoTime.getAsLong() - swap.start());
      LoadResult loaded = load.await(Math.max(0, left));
      Optional<String> lease = ram.lease(swap.artifact().digest(), swap.terms(), false);
      if (lease.isEmpty()) {
        throw new LarderException(
            ErrorCode.INTERNAL, swap.artifact().digest() + " is gone right after its load", "");
      }
      load.leased();
      return activate(swap, lease.get(), loaded.level(), loaded.bytesRead(), loaded.bytesReused());
    } catch (TimeoutException e) {
      counters.miss(swap.artifact().size());
      throw new SwapTimeoutException(
          swap.request().reference().toString(),
          swap.request().timeout(),
          load.loadedBytes(),
          swap.artifact().size());
    } finally {
      load.leave();
    }
  }

  /** Joins the load of an artifact, or starts it. */
  private SharedLoad join(Resolved artifact) throws LarderException {
    while (true) {
      if (closed) {
        throw stopping();
      }
      SharedLoad fresh = new SharedLoad(artifact, ram);
      SharedLoad current = loads.putIfAbsent(artifact.digest(), fresh);
      if (current == null) {
        fresh.join();
        start(artifact.digest(), fresh);
        return fresh;
      }
      if (current.join()) {
        return current;
      }
      loads.remove(artifact.digest(), current); // it has just ended
    }
  }

  private void start(Digest digest, SharedLoad load) {
    try {
      loaders.execute(() -> run(digest, load, () -> closed));
    } catch (RejectedExecutionException e) {
      loads.remove(digest, load);
      load.refuse(stopping());
    }
  }

  /**
   * Loads an artifact ahead, on this thread: nothing is flipped or leased. Whoever asks for it
   * meanwhile joins, and then it is as urgent as any load. It is given up as soon as somebody waits
   * for another one.
   *
   * @param cancellation gives it up, unless somebody waits for it
   * @return whether it is in RAM now
   */
  public boolean prefetch(Resolved artifact, Cancellation cancellation) {
    Digest digest = artifact.digest();
    SharedLoad load = new SharedLoad(artifact, ram);
    if (closed || somebodyWaits() || loads.putIfAbsent(digest, load) != null) {
      return false;
    }
    run(
        digest,
        load,
        () ->
            closed
                || load.givenUp()
                || ((cancellation.isCancelled() || somebodyWaits()) && load.giveUp()));
    return load.result().isPresent();
  }

  /** Whether anybody waits for a load. */
  private boolean somebodyWaits() {
    for (SharedLoad load : loads.values()) {
      if (load.waitedFor()) {
        return true;
      }
    }
    return false;
  }

  private void run(Digest digest, SharedLoad load, Cancellation cancellation) {
    Throwable failure = null;
    try {
      failure = load.run(source, cancellation, nanoTime);
      if (load.asked()) { // else nobody may ever want it nearer
        load.result().ifPresent(result -> listener.loaded(digest, result.level()));
      }
    } finally {
      loads.remove(digest, load);
    }
    if (failure != null && SharedLoad.isDefect(failure)) {
      LOG.error("loading {} failed", digest, failure);
    }
  }

  private static LarderException stopping() {
    return new LarderException(
        ErrorCode.UNAVAILABLE, "the gateway is stopping", "try again when it has started");
  }

  private SwapResult activate(
      Swap swap, String lease, SwapLevel level, long bytesRead, long bytesReused)
      throws LarderException {
    Resolved artifact = swap.artifact();
    try {
      ram.activate(swap.request().reference(), artifact.digest());
    } catch (LarderException e) {
      ram.release(lease);
      throw e;
    } catch (IOException e) {
      ram.release(lease);
      throw new LarderException(
          ErrorCode.IO_ERROR,
          "the link of '" + swap.request().reference() + "' cannot be flipped: " + e,
          "see whether the RAM cache's folder is in order",
          e);
    }
    return new SwapResult(
        ram.path(artifact.digest()),
        artifact.digest(),
        artifact.size(),
        nanoTime.getAsLong() - swap.start(),
        level,
        bytesRead,
        bytesReused,
        lease);
  }

  @Override
  public void release(String lease) throws LarderException {
    ram.release(lease);
  }

  @Override
  public int release(Reference reference) throws LarderException {
    return ram.release(reference);
  }

  @Override
  public Lease renew(String lease, Duration remaining) throws LarderException {
    return ram.renew(lease, remaining);
  }

  @Override
  public List<Lease> leases() {
    return ram.leases();
  }

  @Override
  public Evictions evict(Reference reference) throws LarderException {
    Set<Digest> digests = new LinkedHashSet<>();
    ram.active(reference).ifPresent(digests::add); // an older one, perhaps
    try {
      source.resolve(reference).ifPresent(artifact -> digests.add(artifact.digest()));
    } catch (LarderException e) {
      if (digests.isEmpty()) {
        throw e;
      } // else its tier is absent, but what is here can go
    }
    if (digests.isEmpty()) {
      throw unknown(reference);
    }
    return ram.evict(digests);
  }

  @Override
  public Evictions evictAll() {
    return ram.evictAll();
  }

  /** Figures since the start. */
  public SwapFigures figures() {
    return counters.figures();
  }

  /** Whether an artifact is being loaded. */
  public boolean isLoading(Digest digest) {
    return loads.containsKey(digest);
  }

  /** How many loads are under way. */
  public int loading() {
    return loads.size();
  }

  /** Takes no more loads and asks those under way to end; their callers get {@code UNAVAILABLE}. */
  @Override
  public void close() {
    closed = true;
  }
}
