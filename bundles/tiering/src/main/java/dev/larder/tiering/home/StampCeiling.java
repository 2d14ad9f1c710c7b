package dev.larder.tiering.home;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.Stamp;
import dev.larder.store.Stamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the gateway's counters above every stamp that it ever gave out, also where the volume that
 * has the highest one is away at a start: else a change made then would lose against an older one.
 * A small file of the home holds a ceiling that no stamp has reached; it is raised in large steps,
 * so that few changes have to wait for it. Any thread.
 */
public final class StampCeiling {

  private static final Logger LOG = LoggerFactory.getLogger(StampCeiling.class);
  private static final long STEP = 1L << 16;

  /** Above this a file has been tampered with: nobody makes so many changes. */
  private static final long PLAUSIBLE = 1L << 54;

  private final Path file;
  private volatile long ceiling;

  private StampCeiling(Path file, long ceiling) {
    this.file = file;
    this.ceiling = ceiling;
  }

  /**
   * Reads the ceiling and lifts the counters to it.
   *
   * @throws LarderException {@code CORRUPT} if the file is not one
   */
  public static StampCeiling open(Path file, Stamps stamps) throws LarderException {
    long ceiling = read(file);
    if (ceiling > 0) {
      UUID gateway = stamps.gateway();
      stamps.observe(new Stamp(ceiling, gateway, ceiling, 0));
    }
    return new StampCeiling(file, ceiling);
  }

  private static long read(Path file) throws LarderException {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      long value = Long.parseLong(Files.readString(file).strip());
      if (value > 0 && value < PLAUSIBLE) {
        return value;
      }
      throw new NumberFormatException(value + " is out of range");
    } catch (IOException | NumberFormatException e) {
      throw new LarderException(
          ErrorCode.CORRUPT,
          "the counter of changes in " + file + " cannot be read: " + e.getMessage(),
          "attach all volumes, then delete the file: the counter goes on from theirs",
          e);
    }
  }

  /**
   * Makes sure that no later start gives out this stamp's counters again. Costs a forced write once
   * in some ten thousand stamps.
   *
   * @return the same stamp
   */
  public Stamp cover(Stamp stamp) throws LarderException {
    long lamport = stamp.lamport();
    if (lamport + STEP / 2 > ceiling) {
      raise(lamport);
    }
    return stamp;
  }

  private synchronized void raise(long lamport) throws LarderException {
    if (lamport + STEP / 2 <= ceiling) {
      return;
    }
    try {
      DurableFiles.write(file, lamport + STEP + "\n");
      ceiling = lamport + STEP;
    } catch (IOException e) {
      if (lamport > ceiling) {
        throw new LarderException(
            ErrorCode.IO_ERROR,
            "the counter of changes in " + file + " cannot be raised: " + e.getMessage(),
            "free some room in the home",
            e);
      }
      LOG.warn("the counter of changes in {} cannot be raised yet", file, e);
    }
  }
}
