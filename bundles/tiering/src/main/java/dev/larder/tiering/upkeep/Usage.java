package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.Temperature;
import dev.larder.store.ArtifactEntry;
import dev.larder.tiering.home.DurableFiles;
import dev.larder.tiering.ledger.HeatTable;
import dev.larder.tiering.ledger.HeatTable.Heat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How artifacts are used, who has placed them and when they were moved; of those that were used
 * last, and over restarts: what was learnt is saved in the home now and then and at the end. Any
 * thread.
 */
public final class Usage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Usage.class);

  /** It is saved so often, or as seldom as keeps it below a mebibyte an hour. */
  private static final Duration SAVED_EACH = Duration.ofMinutes(10);

  private static final double HOURLY = 1 << 20;
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();
  private static final long MOST_SAVED = 4 << 20;

  private final Path file;
  private final LongSupplier nanoTime;
  private final HeatTable table; // guarded by this
  private final long started; // monotonic, when running time was 0
  private long saved; // guarded by this, running nanoseconds

  /** Goes on from what was saved in a file; one that cannot be read is as good as none. */
  public Usage(Path file, LongSupplier nanoTime) {
    this.file = file;
    this.nanoTime = nanoTime;
    this.table = new HeatTable(RandomGenerator.getDefault());
    this.saved = read();
    this.started = nanoTime.getAsLong() - saved;
  }

  private long read() {
    try {
      if (Files.exists(file)) {
        if (Files.size(file) > MOST_SAVED) {
          throw new IllegalArgumentException("it is too large");
        }
        return table.read(ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("what was used before is not known from {}: {}", file, e.toString());
    }
    return 0;
  }

  /** For how long the gateway has run in its life, as far as it is known, in nanoseconds. */
  public long runningNanos() {
    return nanoTime.getAsLong() - started;
  }

  private static long key(Digest digest) {
    return digest.a();
  }

  /** It was put, read or swapped. */
  public synchronized void used(Digest digest) {
    table.use(key(digest), runningNanos());
  }

  /** It had to be read from a storage tier. */
  public synchronized void loaded(Digest digest) {
    table.load(key(digest), runningNanos());
  }

  /** Whether a rule or a person has chosen its tier. */
  public synchronized void placed(Digest digest, boolean byRule) {
    table.placed(key(digest), byRule, runningNanos());
  }

  /** It was moved to another tier on our own account. */
  synchronized void moved(Digest digest) {
    table.placed(key(digest), true, runningNanos());
    table.moved(key(digest), runningNanos());
  }

  /** What is known of it; empty if it was not used for so long that it is forgotten. */
  public synchronized Optional<Heat> heat(Digest digest) {
    return Optional.ofNullable(table.heat(key(digest), runningNanos()));
  }

  /** Whether it may be moved to a faster home: only what no person has put where it is. */
  static boolean mayRise(Optional<Heat> heat) {
    return heat.flatMap(Heat::byRule).orElse(false);
  }

  /** Whether it may be moved to a slower home. */
  static boolean maySink(Optional<Heat> heat) {
    return heat.flatMap(Heat::byRule).orElse(true);
  }

  /** How hot it is by its use alone. */
  public Temperature temperature(Optional<Heat> known) {
    return known.map(heat -> heat.temperature(runningNanos())).orElse(Temperature.ARCHIVE);
  }

  /**
   * When it was last used, in monotonic nanoseconds; empty if that is longer ago than remembered.
   */
  public OptionalLong lastUse(Digest digest) {
    Optional<Heat> heat = heat(digest);
    return heat.isEmpty() ? OptionalLong.empty() : OptionalLong.of(started + heat.get().lastUse());
  }

  /**
   * Replicas with their last use, the longest unused first; those that are not remembered come
   * before all others, in the order in which they came to their volume.
   */
  List<Used> longestUnusedFirst(Stream<ArtifactEntry> replicas) {
    return replicas
        .map(replica -> new Used(replica, lastUse(replica.digest()).orElse(Long.MIN_VALUE)))
        .sorted(
            Comparator.comparingLong(Used::lastNanos)
                .thenComparingLong(used -> used.replica().sequence()))
        .toList();
  }

  /**
   * A replica, and when its artifact was used last.
   *
   * @param lastNanos in monotonic nanoseconds; the least number if that is not remembered
   */
  record Used(ArtifactEntry replica, long lastNanos) {}

  /** Saves it if that is due. */
  public synchronized void saveIfDue() {
    long due = Math.max(SAVED_EACH.toNanos(), (long) (table.savedBytes() / HOURLY * HOUR_NANOS));
    if (runningNanos() - saved >= due) {
      save();
    }
  }

  private void save() {
    long now = runningNanos();
    saved = now;
    try {
      byte[] bytes = table.write(now).array();
      DurableFiles.write(file, out -> out.write(bytes));
    } catch (IOException e) {
      LOG.warn("what was used cannot be saved: {}", e.toString());
    }
  }

  /** Saves it. */
  @Override
  public synchronized void close() {
    save();
  }
}
