package dev.larder.catalog;

import dev.larder.api.ErrorCode;
import dev.larder.api.HealthFinding;
import dev.larder.api.HealthFinding.Severity;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the catalog's thread: opens the database, applies what is queued, and replaces a database
 * that is in doubt by a new one that it fills from the volumes.
 */
final class Keeper implements Runnable {

  /** A question to the database. */
  interface Query<T> {
    T on(Connection connection) throws SQLException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final String SUBJECT = "catalog";
  private static final String FILLING =
      "nothing to do: the volumes have all that matters; lists may be incomplete until then";
  private static final int BATCH = 2_048;
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration UNUSED = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_BACKOFF_SHIFT = 6;

  private final DatabaseFolder folder;
  private final SnapshotSource source;
  private final WorkQueue queue;
  private final Doubts doubts;

  /** Held while the database is exchanged, and by who reads it. */
  private final ReentrantLock access = new ReentrantLock();

  private final Condition settled = access.newCondition();
  private volatile @Nullable Database database;
  private volatile @Nullable Throwable suspicion;
  private volatile @Nullable HealthFinding unusable;
  private volatile @Nullable HealthFinding refill;

  // Only used by the catalog's thread:
  private @Nullable Projection projection;
  private final List<Work.Barrier> barriers = new ArrayList<>();
  private int failures;
  private boolean unproved;
  private boolean filled;
  private boolean givenUp;

  Keeper(DatabaseFolder folder, SnapshotSource source, WorkQueue queue, Doubts doubts) {
    this.folder = folder;
    this.source = source;
    this.queue = queue;
    this.doubts = doubts;
  }

  @Override
  public void run() {
    awaitFirstUse();
    while (!queue.finished() && !givenUp) {
      try {
        step();
      } catch (InterruptedException e) {
        LOG.debug("the catalog's thread was interrupted; it ends by close() only", e);
      }
    }
    shutDown();
  }

  /** Opening H2 takes a third of a second of a small processor, while a gateway is starting. */
  private void awaitFirstUse() {
    try {
      queue.awaitWork(UNUSED);
    } catch (InterruptedException e) {
      LOG.debug("the catalog's thread was interrupted; it opens at once", e);
    }
  }

  private void step() throws InterruptedException {
    Throwable suspect = suspicion;
    if (suspect != null) {
      damaged(suspect);
    }
    if (projection == null && !open()) {
      givenUp = queue.closed();
      queue.pause(RETRY);
      return;
    }
    List<Work> batch = queue.take(BATCH, LOOK);
    // They pass when the whole batch is applied, however often that has to be tried.
    batch.stream()
        .filter(Work.Barrier.class::isInstance)
        .forEach(b -> barriers.add((Work.Barrier) b));
    try {
      for (Work work : batch) {
        perform(work);
      }
      current().commit();
      doubts.settle(this::refill);
      if (doubts.none()) {
        proved();
      }
    } catch (SQLException | RuntimeException e) {
      damaged(e);
    }
  }

  private Projection current() throws SQLException {
    Projection current = projection;
    if (current == null) {
      throw new SQLException("the database could not be made anew");
    }
    return current;
  }

  private void perform(Work work) throws SQLException {
    if (work instanceof Work.Apply apply) {
      if (!current().apply(apply.position(), apply.tier(), apply.changes())) {
        doubts.raise(apply.position().volume());
      }
    } else if (work instanceof Work.Synchronise synchronise) {
      current().synchronise(synchronise.snapshot());
      filled = true;
    } else if (work instanceof Work.Forget forget) {
      current().forget(forget.volume());
    } else if (work instanceof Work.Swapped swapped) {
      current().record(swapped.swap());
    } else if (work instanceof Work.Clear clear) {
      clear(clear);
    }
  }

  private void refill(UUID volume) throws SQLException {
    Optional<VolumeSnapshot> snapshot;
    try {
      snapshot = source.snapshot(volume);
    } catch (RuntimeException e) {
      LOG.warn("no snapshot of volume {} for the catalog; tried again", volume, e);
      doubts.raise(volume);
      return;
    }
    if (snapshot.isPresent()) {
      current().synchronise(snapshot.get());
      current().commit();
      filled = true;
    }
  }

  private void proved() {
    failures = 0;
    unproved = false;
    if (filled && refill != null) {
      refill = null;
      LOG.info("the catalog is filled again");
    }
    barriers.forEach(barrier -> barrier.passed().complete(null));
    barriers.clear();
    signal();
  }

  private void clear(Work.Clear clear) throws SQLException {
    exchange(() -> folder.delete());
    boolean open = open();
    if (open) {
      clear.done().complete(null);
    } else {
      HealthFinding finding = unusable;
      clear
          .done()
          .completeExceptionally(
              new LarderException(
                  ErrorCode.IO_ERROR,
                  finding == null ? "the catalog cannot be opened" : finding.finding(),
                  finding == null ? "" : finding.advice()));
    }
  }

  private void damaged(Throwable cause) throws InterruptedException {
    if (++failures > 1) {
      queue.pause(Duration.ofSeconds(1L << Math.min(failures, MAX_BACKOFF_SHIFT)));
    }
    LOG.warn("the catalog is in doubt and is built anew from the volumes", cause);
    exchange(() -> setAside(String.valueOf(cause.getMessage())));
    suspicion = null;
  }

  /** What to do with the files of a database that is no longer open. */
  private interface Disposal {
    void run() throws IOException;
  }

  private void exchange(Disposal disposal) {
    access.lock();
    try {
      Database old = database;
      if (old != null) {
        old.abandon();
      }
      database = null;
      projection = null;
      disposal.run();
    } catch (IOException e) {
      unusable(e.toString());
    } finally {
      doubts.raiseAll();
      access.unlock();
    }
  }

  private void setAside(String why) throws IOException {
    if (unproved) {
      folder.delete(); // made by this process and never whole: nothing that is worth keeping
    } else {
      Optional<Path> kept = folder.setAside();
      LOG.warn("the old catalog is kept as {}", kept.map(Path::toString).orElse("nothing"));
    }
    fillAnew(
        new HealthFinding(
            Severity.WARNING,
            SUBJECT,
            "the catalog was in doubt (" + oneLine(why) + ") and is being built anew",
            FILLING));
  }

  private void fillAnew(HealthFinding finding) {
    unproved = true;
    filled = false;
    refill = finding;
  }

  /**
   * Breaks the seal, so that H2 may write. A database that has none was open when the power went or
   * the process was killed, which leaves nothing to look into; one that has changed is kept.
   */
  private void unseal() throws IOException {
    Optional<Seal.Doubt> doubt = folder.seal().open();
    if (doubt.isEmpty()) {
      return;
    }
    LOG.warn("the catalog is built anew from the volumes: {}", doubt.get());
    if (doubt.get() == Seal.Doubt.NOT_CLOSED) {
      folder.delete();
      fillAnew(
          new HealthFinding(
              Severity.INFO,
              SUBJECT,
              "the gateway was not stopped in order; its catalog is being built anew",
              FILLING));
    } else {
      setAside(doubt.get().toString());
    }
    doubts.raiseAll();
  }

  /** Opens the database; what cannot be opened is set aside and one more attempt is made. */
  private boolean open() {
    access.lock();
    try {
      if (!tryOpen()) {
        tryOpen();
      }
      return projection != null;
    } finally {
      access.unlock();
      signal();
    }
  }

  private boolean tryOpen() {
    Database opened = null;
    try {
      unseal();
      opened = Database.open(folder.database());
      projection = new Projection(opened.writer());
      database = opened;
      unusable = null;
      return true;
    } catch (IOException e) {
      LOG.warn("the seal of the catalog cannot be removed", e);
      unusable(e.toString());
      return true; // another attempt at once would not help
    } catch (SQLException | RuntimeException e) {
      if (opened != null) {
        opened.abandon();
      }
      notOpened(e);
      return Database.isLocked(e);
    }
  }

  private void notOpened(Exception cause) {
    unusable(String.valueOf(cause.getMessage()));
    if (Database.isLocked(cause)) {
      return;
    }
    LOG.warn("the catalog cannot be opened", cause);
    try {
      setAside(String.valueOf(cause.getMessage()));
    } catch (IOException e) {
      unusable(e.toString());
    }
    doubts.raiseAll();
  }

  private void unusable(String why) {
    unusable =
        new HealthFinding(
            Severity.ERROR,
            SUBJECT,
            "the catalog cannot be opened: " + oneLine(why),
            "models are served all the same; free space in the home, or see the log");
  }

  private static String oneLine(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  private void signal() {
    access.lock();
    try {
      settled.signalAll();
    } finally {
      access.unlock();
    }
  }

  /**
   * Asks the database, once it is open and nothing is in doubt. A failure means doubt: the question
   * is asked once more when the database has been built anew.
   */
  <T> T read(Query<T> query) throws LarderException, InterruptedException {
    Throwable last = null;
    if (database == null) {
      queue.wake();
    }
    for (int attempt = 0; attempt < 2; attempt++) {
      access.lock();
      try {
        awaitSettled();
        Database current = database;
        if (current == null) {
          break;
        }
        return query.on(current.reader());
      } catch (SQLException | RuntimeException e) {
        last = e;
        suspicion = e;
        queue.wake();
      } finally {
        access.unlock();
      }
    }
    HealthFinding finding = unusable;
    throw new LarderException(
        ErrorCode.UNAVAILABLE,
        finding == null ? "the catalog is not ready" : finding.finding(),
        finding == null ? "try again" : finding.advice(),
        last);
  }

  private void awaitSettled() throws InterruptedException {
    long nanos = PATIENCE.toNanos();
    while ((database == null || suspicion != null || !doubts.none()) && nanos > 0) {
      nanos = settled.awaitNanos(nanos);
    }
  }

  /** What is not as it should be. */
  List<HealthFinding> findings() {
    List<HealthFinding> findings = new ArrayList<>();
    HealthFinding now = unusable;
    if (now != null) {
      findings.add(now);
    }
    HealthFinding filling = refill;
    if (filling != null) {
      findings.add(filling);
    } else if (!doubts.none()) {
      findings.add(
          new HealthFinding(
              Severity.WARNING,
              SUBJECT,
              "changes came faster than the catalog could take them; it is being brought up to"
                  + " date",
              "nothing to do: lists may be incomplete until then"));
    }
    return findings;
  }

  private static void refuse(Work work) {
    if (work instanceof Work.Barrier barrier) {
      barrier.passed().cancel(false);
    } else if (work instanceof Work.Clear clear) {
      clear.done().cancel(false);
    }
  }

  private void shutDown() {
    access.lock();
    try {
      Database last = database;
      database = null;
      projection = null;
      if (last != null) {
        last.close();
        if (suspicion == null && doubts.none()) {
          folder.seal().close();
        }
      }
    } catch (SQLException | IOException | RuntimeException e) {
      LOG.warn("the catalog could not be closed in order; it is built anew at the next start", e);
    } finally {
      settled.signalAll();
      access.unlock();
    }
    barriers.forEach(barrier -> barrier.passed().cancel(false));
    queue.drain().forEach(Keeper::refuse);
  }
}
