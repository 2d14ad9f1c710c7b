package dev.larder.store;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * What a volume needs from its surroundings.
 *
 * @param stamps of this gateway; observes all stamps that the volume holds
 * @param codecs the codecs that are there
 * @param workers where blocks are hashed, encoded, read and decoded; shared by all volumes. A task
 *     never waits for another task on it.
 * @param readers where media are read: a thread for each read under way, which may hang
 * @param parallelism how many tasks of one operation may run at once; the number of cores, 1 or
 *     more
 */
public record VolumeContext(
    Stamps stamps, Codecs codecs, ExecutorService workers, Executor readers, int parallelism) {

  /** Media are read on the threads of those who wait for it: what hangs is waited for. */
  public VolumeContext(Stamps stamps, Codecs codecs, ExecutorService workers, int parallelism) {
    this(stamps, codecs, workers, Runnable::run, parallelism);
  }
}
