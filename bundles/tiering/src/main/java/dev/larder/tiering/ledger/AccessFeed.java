package dev.larder.tiering.ledger;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Brings the accesses of one cache into its ledger and tells the policy of them, one after the
 * other, so that the policy sees each entry as it was right after its access.
 *
 * <p>Any thread.
 */
public final class AccessFeed {

  private static final int BATCH = 64;

  private final AccessBuffer buffer = new AccessBuffer();
  private final AtomicBoolean requested = new AtomicBoolean();
  private final Ranking ranking;
  private final Recorder recorder;
  private final Executor executor;

  /** Notes an access in the ledger, under its owner's lock. */
  @FunctionalInterface
  public interface Recorder {

    /** Notes it and copies the entry out; false if the policy is not to be told. */
    boolean access(long key, boolean hit, LedgerRecord into);
  }

  /**
   * A feed.
   *
   * @param executor where the policy is told; it may hang, so nothing else waits behind it
   */
  public AccessFeed(Ranking ranking, Recorder recorder, Executor executor) {
    this.ranking = ranking;
    this.recorder = recorder;
    this.executor = executor;
  }

  /** An access: takes no lock, and may be lost where there are too many. */
  public void add(long key, boolean hit) {
    if (buffer.add(key, hit)) {
      request();
    }
  }

  /** Lets the ledger and the policy know soon. Also lets go of a policy that decides no more. */
  public void request() {
    if (requested.compareAndSet(false, true)) {
      executor.execute(this::run);
    }
  }

  private void run() {
    requested.set(false);
    RankingTurn turn = ranking.tryTurn();
    if (turn != null) { // else whoever has it drains, or the policy hangs
      try (turn) {
        turn.settle();
        drain(turn);
      }
    }
  }

  /** Brings in all that was noted so far. */
  public void drain(RankingTurn turn) {
    drain(turn::accessed);
  }

  /** The same at the end: the policy is told no more. */
  public void drainLast() {
    drain((entry, hit) -> {});
  }

  private void drain(BiConsumer<LedgerRecord, Boolean> policy) {
    long[] keys = new long[BATCH];
    boolean[] hits = new boolean[BATCH];
    LedgerRecord entry = new LedgerRecord();
    int count = buffer.drain(keys, hits);
    while (count > 0) {
      for (int i = 0; i < count; i++) {
        if (recorder.access(keys[i], hits[i], entry)) {
          policy.accept(entry, hits[i]);
        }
      }
      count = buffer.drain(keys, hits);
    }
  }
}
