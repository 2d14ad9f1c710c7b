package dev.larder.tiering;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PolicyInfo.Service;
import dev.larder.api.PolicyTrial;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.tiering.ledger.CacheModel;
import dev.larder.tiering.plugin.PolicyLease;
import dev.larder.tiering.plugin.PolicySelector;
import dev.larder.tiering.ram.AccessLog;
import dev.larder.tiering.ram.RamCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Replays the accesses of late on cache policies, without content: what would another one have
 * reached? Changes nothing. Any thread; it takes as long as some ten thousand evictions.
 */
final class PolicyTrials {

  /** Fewer say nothing. */
  static final int LEAST_ACCESSES = 100;

  private static final long PATIENCE_SECONDS = 20;
  private static final long SEED = 1; // two trials of one log are alike

  private final PolicyChoices policies;
  private final RamCache ram;
  private final Executor executor;

  /**
   * Trials.
   *
   * @param executor where policies are called; one that hangs keeps its thread
   */
  PolicyTrials(PolicyChoices policies, RamCache ram, Executor executor) {
    this.policies = policies;
    this.ram = ram;
    this.executor = executor;
  }

  /** The named one first, then the one that decides, if that is another. */
  List<PolicyTrial> of(String name) throws LarderException {
    Service service = policies.info(name).service();
    if (service != Service.CACHE) {
      throw new LarderException(
          ErrorCode.INVALID_ARGUMENT,
          "a dry run is for cache policies; '" + name + "' decides on " + service,
          "use it without a dry run: it can be changed back at once");
    }
    AccessLog.Recent log = ram.recentAccesses();
    if (log.keys().length < LEAST_ACCESSES) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE,
          log.keys().length
              + " accesses since the start are too few to judge a policy by: "
              + LEAST_ACCESSES
              + " are needed",
          "try again after more swaps");
    }
    String active = policies.cache().active();
    List<PolicyTrial> trials = new ArrayList<>();
    trials.add(trial(name, active, log));
    if (!name.equals(active)) {
      trials.add(trial(active, active, log));
    }
    return trials;
  }

  private PolicyTrial trial(String name, String active, AccessLog.Recent log)
      throws LarderException {
    CompletableFuture<PolicyTrial> result = new CompletableFuture<>();
    executor.execute(() -> replay(name, active, log, result));
    try {
      return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failed(name, String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw failed(name, "no end after " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(name, "interrupted", e);
    }
  }

  private static LarderException failed(String name, String why, Exception cause) {
    return new LarderException(
        ErrorCode.UNAVAILABLE,
        "the dry run of policy '" + name + "' failed: " + why,
        "if it is the policy's fault, update its bundle; nothing was changed",
        cause);
  }

  private void replay(
      String name, String active, AccessLog.Recent log, CompletableFuture<PolicyTrial> result) {
    PolicySelector<CachePolicy> selector = policies.cache();
    try (PolicyLease<CachePolicy> lease = selector.lease(name)) {
      if (!lease.name().equals(name)) {
        throw new IllegalStateException("it is gone, or was withdrawn");
      }
      CacheModel model =
          new CacheModel(
              ram.usage().limitBytes(),
              lease.policy(),
              CacheModel.Admission.ALWAYS,
              new Random(SEED));
      long hits = 0;
      double hitBytes = 0;
      double bytes = 0;
      int accesses = log.keys().length;
      for (int i = 0; i < accesses && !result.isDone(); i++) {
        long size = log.sizes()[i];
        bytes += size;
        if (model.access(log.keys()[i], size, log.reloadMicros()[i])) {
          hits++;
          hitBytes += size;
        }
      }
      result.complete(
          new PolicyTrial(
              name,
              name.equals(active),
              accesses,
              (double) hits / accesses,
              bytes == 0 ? 0 : hitBytes / bytes));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      result.completeExceptionally(e);
    }
  }
}
