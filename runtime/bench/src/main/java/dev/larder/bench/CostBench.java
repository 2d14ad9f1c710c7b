package dev.larder.bench;

import dev.larder.bench.cache.Objective;
import dev.larder.bench.cache.Peers;
import dev.larder.bench.cache.PolicyCache;
import dev.larder.bench.cache.SimulatedCache;
import dev.larder.cli.CliException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What an access costs in CPU time: each cache in turn, several times, on the same accesses. Ours
 * are behind a lock, since one ledger is for one thread.
 */
final class CostBench {
  private static final int KEYS = 40_000;
  private static final int RESIDENTS = 10_000;
  private static final int ACCESSES = 1 << 20;
  private static final int ROUNDS = 5;
  private static final long MEDIAN_SIZE = 64 << 10;

  private static final List<String> CACHES =
      List.of(Peers.NAMES.get(3), "lru", "lfu", "gdsf", "adaptive");

  private final int[] keys = new int[ACCESSES];
  private final long[] sizes = new long[KEYS];
  private final long capacity;

  CostBench() {
    Random random = new Random(7);
    double[] popularity = new double[KEYS]; // Zipf with exponent 0.9, summed up
    double sum = 0;
    for (int key = 0; key < KEYS; key++) {
      sum += Math.pow(key + 1, -0.9);
      popularity[key] = sum;
      sizes[key] = 1 + (long) (MEDIAN_SIZE * Math.exp(random.nextGaussian()));
    }
    for (int i = 0; i < ACCESSES; i++) {
      int at = Arrays.binarySearch(popularity, random.nextDouble() * sum);
      keys[i] = Math.min(KEYS - 1, at < 0 ? -at - 1 : at);
    }
    capacity = Arrays.stream(sizes).sum() / KEYS * RESIDENTS;
  }

  CostReport run() throws CliException {
    List<CostReport.Row> rows = new ArrayList<>();
    for (int threads = 1; threads <= 2; threads++) {
      double[][] nanos = new double[CACHES.size()][ROUNDS];
      List<SimulatedCache> caches = new ArrayList<>();
      for (String name : CACHES) {
        caches.add(cache(name));
      }
      double[] hits = new double[CACHES.size()];
      for (int round = -2; round < ROUNDS; round++) {
        for (int c = 0; c < CACHES.size(); c++) {
          Replayed replayed = replay(caches.get(c), threads);
          if (round >= 0) {
            nanos[c][round] = replayed.nanos() / ACCESSES;
            hits[c] = (double) replayed.hits() / ACCESSES;
          }
        }
      }
      for (int c = 0; c < CACHES.size(); c++) {
        Arrays.sort(nanos[c]);
        rows.add(new CostReport.Row(CACHES.get(c), threads, nanos[c][ROUNDS / 2], hits[c]));
      }
    }
    return new CostReport(rows);
  }

  private SimulatedCache cache(String name) {
    if (Peers.NAMES.contains(name)) {
      return Peers.of(name, capacity, KEYS, Objective.JOINT);
    }
    SimulatedCache ours = new PolicyCache(name, capacity, Objective.JOINT);
    return (key, size) -> {
      synchronized (ours) {
        return ours.access(key, size);
      }
    };
  }

  private record Replayed(double nanos, long hits) {}

  private Replayed replay(SimulatedCache cache, int threads) throws CliException {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Replayed>> parts = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int first = t;
        parts.add(
            pool.submit(
                () -> {
                  long start = clock.getCurrentThreadCpuTime();
                  long hits = 0;
                  for (int i = first; i < ACCESSES; i += threads) {
                    hits += cache.access(keys[i], sizes[keys[i]]) ? 1 : 0;
                  }
                  return new Replayed(clock.getCurrentThreadCpuTime() - start, hits);
                }));
      }
      double nanos = 0;
      long hits = 0;
      for (Future<Replayed> part : parts) {
        nanos += part.get().nanos();
        hits += part.get().hits();
      }
      return new Replayed(nanos, hits);
    } catch (InterruptedException | ExecutionException e) {
      throw new CliException("INTERNAL", "the measurement failed: " + e, "");
    } finally {
      pool.shutdownNow();
    }
  }
}
