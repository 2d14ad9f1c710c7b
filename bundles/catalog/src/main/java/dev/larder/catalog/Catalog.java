package dev.larder.catalog;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.ErrorCode;
import dev.larder.api.HealthFinding;
import dev.larder.api.HistoryEntry;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The catalog. Changes are queued and applied in order by one thread of its own; no caller waits
 * for H2. Questions are answered by another thread of its own. Safe for use by many threads.
 *
 * <p>When changes come faster than H2 takes them, or the database is in doubt, the volumes
 * concerned are asked for a snapshot ({@link SnapshotSource}) that replaces what is there; {@link
 * #findings} says so until it is done.
 */
public final class Catalog implements Closeable {

  private static final int QUEUE_LIMIT = 8_192;
  private static final double SWAPS_SHARE = 0.5;
  private static final Duration ANSWER_TIME = Duration.ofSeconds(30);
  private static final Duration CLOSE_TIME = Duration.ofSeconds(15);

  private final DatabaseFolder folder;
  private final WorkQueue queue;
  private final Doubts doubts;
  private final Keeper keeper;
  private final Thread thread;
  private final ExecutorService readers;

  private Catalog(Path path, SnapshotSource source, int queueLimit) {
    folder = new DatabaseFolder(path);
    queue = new WorkQueue(queueLimit);
    doubts = new Doubts();
    keeper = new Keeper(folder, source, queue, doubts);
    thread = daemon(keeper, "larder-catalog");
    readers = Executors.newSingleThreadExecutor(task -> daemon(task, "larder-catalog-read"));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns at once; the database in the folder is opened in the background when it is first used,
   * or after some seconds. One that cannot be opened, or whose content is in doubt, is set aside
   * (renamed within the folder, the last two kept) and an empty one is made: {@link #synchronise}
   * and the source then fill it.
   *
   * @param folder for its files alone; on storage that stays, never on a removable medium
   * @param source of the truth, asked when something is in doubt
   */
  public static Catalog open(Path folder, SnapshotSource source) throws LarderException {
    return open(folder, source, QUEUE_LIMIT);
  }

  static Catalog open(Path folder, SnapshotSource source, int queueLimit) throws LarderException {
    Path absolute = folder.toAbsolutePath().normalize();
    if (absolute.toString().contains(";")) {
      throw LarderException.invalid(
          "the folder of the catalog must not have a ';' in its path: " + absolute);
    }
    try {
      Files.createDirectories(absolute);
    } catch (IOException e) {
      throw new LarderException(
          ErrorCode.IO_ERROR,
          "cannot make the folder of the catalog, " + absolute,
          "check the owner and the free space of the home",
          e);
    }
    Catalog catalog = new Catalog(absolute, source, queueLimit);
    catalog.thread.start();
    return catalog;
  }

  /**
   * Brings one volume up to date: does nothing if the catalog has just this position, else replaces
   * all that it has of the volume. Queued.
   */
  public void synchronise(VolumeSnapshot snapshot) {
    UUID volume = snapshot.position().volume();
    doubts.know(volume);
    if (!queue.offer(new Work.Synchronise(snapshot), 1)) {
      doubts.raise(volume);
    }
  }

  /**
   * Applies changes of one volume together with the position that they lead to, in one transaction.
   * Queued. Calls for one volume may come in another order than its commits.
   *
   * @param position the last change's; each change before it has the sequence number before
   */
  public void apply(Position position, String tier, List<CatalogChange> changes) {
    UUID volume = position.volume();
    doubts.know(volume);
    // While the volume is in doubt a snapshot is still to be taken, and that has the changes.
    if (!doubts.contains(volume)
        && !queue.offer(new Work.Apply(position, tier, List.copyOf(changes)), 1)) {
      doubts.raise(volume);
    }
  }

  /** Removes what it has of a volume that is no longer a tier. Queued. */
  public void forget(UUID volume) {
    doubts.forget(volume);
    queue.force(new Work.Forget(volume));
  }

  /**
   * Adds to the history of swaps, of which the newest 10,000 are kept. Queued; dropped under
   * pressure.
   */
  public void record(SwapRecord swap) {
    queue.offer(new Work.Swapped(swap), SWAPS_SHARE);
  }

  /** Waits until all that was queued before is applied; false if it took longer. */
  public boolean awaitApplied(Duration timeout) throws InterruptedException {
    CompletableFuture<Void> passed = new CompletableFuture<>();
    if (!queue.force(new Work.Barrier(passed))) {
      return false;
    }
    try {
      passed.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException | CancellationException e) {
      return false;
    }
  }

  /** All current references with their tiers, sorted. */
  public List<ArtifactSummary> list() throws LarderException {
    return ask(Queries::list);
  }

  /** Changes of one reference, newest first; none if it was deleted. */
  public List<HistoryEntry> history(Reference reference) throws LarderException {
    return ask(connection -> Queries.history(connection, reference));
  }

  /** The newest swaps, newest first. */
  public List<SwapRecord> swaps(int limit) throws LarderException {
    return ask(connection -> Queries.swaps(connection, limit));
  }

  private <T> T ask(Keeper.Query<T> query) throws LarderException {
    try {
      Future<T> answer = readers.submit(() -> keeper.read(query));
      return await(answer);
    } catch (RejectedExecutionException e) {
      throw unavailable("the catalog is closed", e);
    }
  }

  /** Throws everything away; {@link #synchronise} fills it again. */
  public void clear() throws LarderException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    if (!queue.force(new Work.Clear(done))) {
      throw unavailable("the catalog is closed", null);
    }
    await(done);
  }

  private static <T> T await(Future<T> future) throws LarderException {
    try {
      return future.get(ANSWER_TIME.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while the catalog was asked", e);
    } catch (TimeoutException | CancellationException e) {
      throw unavailable("the catalog does not answer", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LarderException known) {
        throw known;
      }
      throw new LarderException(ErrorCode.INTERNAL, "the catalog failed", "see the log", e);
    }
  }

  private static LarderException unavailable(String what, @Nullable Throwable cause) {
    return new LarderException(ErrorCode.UNAVAILABLE, what, "try again", cause);
  }

  /** Allocated bytes of its files, those set aside included. */
  public long allocatedBytes() {
    return folder.allocatedBytes();
  }

  /** What is not as it should be. */
  public List<HealthFinding> findings() {
    return keeper.findings();
  }

  /** Applies what is queued, writes all with one fsync and closes. */
  @Override
  public void close() {
    queue.close();
    readers.shutdown();
    try {
      thread.join(CLOSE_TIME.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
