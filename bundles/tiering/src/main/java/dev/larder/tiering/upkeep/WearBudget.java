package dev.larder.tiering.upkeep;

import dev.larder.tiering.home.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much may still be written to one volume: a bucket that fills up with running time, to a day's
 * worth, and that every byte written to the volume is taken from, whoever wrote it. So collections
 * and repairs count, too. What is written is the volume's own counter, which survives with it:
 * after a crash the bytes since the last note are taken all the same, and only what was earned
 * since then is lost. While the gateway is off nothing is earned, for it may not know the time.
 *
 * <p>The note in the home, {@code BYTES WRITTEN VOLUME}, is written anew when it is off by a
 * sixteenth of a day's worth. Any thread.
 */
final class WearBudget {

  private static final Logger LOG = LoggerFactory.getLogger(WearBudget.class);
  private static final int STEPS = 16;

  private final Path file;
  private final LongSupplier nanoTime;

  // All guarded by this:
  private UUID volume = new UUID(0, 0); // none yet
  private WearBucket bucket;
  private double noted;

  /** Goes on from the note; one that cannot be read is as good as none. */
  WearBudget(Path file, LongSupplier nanoTime) {
    this.file = file;
    this.nanoTime = nanoTime;
    this.bucket = new WearBucket(0, 0, nanoTime.getAsLong());
    read();
  }

  private void read() {
    if (!Files.exists(file)) {
      return;
    }
    try {
      String[] parts = Files.readString(file).strip().split(" ", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException(parts.length + " fields");
      }
      long bytes = Long.parseLong(parts[0]);
      long written = Long.parseLong(parts[1]);
      volume = UUID.fromString(parts[2]);
      bucket = new WearBucket(bytes, written, nanoTime.getAsLong());
      noted = bytes;
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("how much a tier may be written is not known from {}: {}", file, e.toString());
    }
  }

  /**
   * Whether so many bytes may be written now. What is larger than a day's worth may be if the
   * bucket is full: it is then in debt, and nothing follows before that is paid.
   *
   * @param bytes that would be written
   * @param daily bytes a day; 0 for none
   * @param id of the volume; another one than before starts with a full bucket
   * @param total bytes written to the volume since it was made
   */
  synchronized boolean allows(long bytes, long daily, UUID id, long total) {
    settle(daily, id, total);
    return bucket.allows(bytes, daily);
  }

  /** Bytes that may be written, as of the last settlement; less than 0 while in debt. */
  synchronized long available() {
    return (long) Math.floor(bucket.available());
  }

  /** Whether something was refused that would still be. */
  synchronized boolean holdsBack() {
    return bucket.holdsBack();
  }

  /** Running time until what was refused may be written, in seconds. */
  synchronized double secondsUntilEnough(long daily) {
    return bucket.secondsUntilEnough(daily);
  }

  /** Takes what was written off, and adds what was earned. */
  synchronized void settle(long daily, UUID id, long total) {
    long now = nanoTime.getAsLong();
    if (id.equals(volume)) {
      bucket.settle(daily, total, now);
    } else {
      bucket = new WearBucket(daily, total, now);
      noted = Double.NEGATIVE_INFINITY;
    }
    volume = id;
    if (Math.abs(bucket.available() - noted) >= (double) daily / STEPS) {
      note();
    }
  }

  /** Notes how it is now. */
  synchronized void note() {
    if (noted == bucket.available() || volume.getMostSignificantBits() == 0) {
      return;
    }
    try {
      DurableFiles.write(
          file, (long) bucket.available() + " " + bucket.written() + " " + volume + "\n");
      noted = bucket.available();
    } catch (IOException e) {
      LOG.warn("how much a tier may be written cannot be noted: {}", e.toString());
    }
  }

  /** Forgets it: the tier was removed. */
  synchronized void forget() {
    try {
      DurableFiles.delete(file);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", file, e.toString());
    }
  }
}
