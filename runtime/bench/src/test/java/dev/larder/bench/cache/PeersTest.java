package dev.larder.bench.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {

  private static final int KEYS = 200;

  @TempDir Path folder;

  private static int key(Random random) {
    return (int) (KEYS * Math.pow(random.nextDouble(), 3));
  }

  private static String hits(SimulatedCache cache, int... keys) {
    StringBuilder hits = new StringBuilder();
    for (int key : keys) {
      hits.append(cache.access(key, 1) ? 'h' : '-');
    }
    return hits.toString();
  }

  @Test
  void lruAndLfuKeepWhatTheyShould() {
    int[] keys = {1, 1, 2, 3, 1, 2};
    assertThat(hits(Peers.of("exact-lru", 2, KEYS, Objective.OHR), keys)).isEqualTo("-h----");
    assertThat(hits(Peers.of("exact-lfu", 2, KEYS, Objective.OHR), keys)).isEqualTo("-h--h-");
  }

  @Test
  void s3FifoLetsScansPass() {
    SimulatedCache cache = Peers.of("s3fifo", 20, KEYS, Objective.OHR);
    for (int round = 0; round < 3; round++) {
      hits(cache, 1, 2, 3, 4, 5, 6, 7, 8);
    }
    for (int key = 100; key < KEYS; key++) {
      cache.access(key, 1);
    }
    assertThat(hits(cache, 1, 2, 3, 4, 5, 6, 7, 8)).isEqualTo("hhhhhhhh");
  }

  /** GreedyDual-Size-Frequency as it is written down, by looking at all. */
  @Test
  void gdsfIsThatOfThePaper() {
    Random random = new Random(4);
    SimulatedCache cache = Peers.of("exact-gdsf", 2_000, KEYS, Objective.OHR);
    record Held(int key, double priority, int turn) {}
    Map<Integer, Held> held = new HashMap<>();
    Map<Integer, Integer> counts = new HashMap<>();
    double level = 0;
    long used = 0;
    int hits = 0;
    for (int i = 0; i < 20_000; i++) {
      int key = key(random);
      long size = 1 + key * 37 % 300;
      boolean hit = held.containsKey(key);
      if (!hit) {
        while (used + size > 2_000) {
          Held lowest =
              held.values().stream()
                  .min(Comparator.comparingDouble(Held::priority).thenComparingInt(Held::turn))
                  .orElseThrow();
          level = lowest.priority();
          held.remove(lowest.key());
          used -= 1 + lowest.key() * 37 % 300;
        }
        used += size;
        counts.put(key, 0);
      }
      int count = counts.merge(key, 1, Integer::sum);
      held.put(key, new Held(key, level + count / (double) size, i));
      hits += hit ? 1 : 0;
      assertThat(cache.access(key, size)).isEqualTo(hit);
    }
    assertThat(hits).isBetween(5_000, 19_000);
  }

  @Test
  void nobodyExceedsItsCapacityOrTheBound() throws Exception {
    for (boolean equal : new boolean[] {true, false}) {
      Trace trace = trace(equal);
      for (String name : Stream.concat(Peers.NAMES.stream(), PolicyCache.NAMES.stream()).toList()) {
        Objective objective = equal ? Objective.OHR : Objective.JOINT;
        long capacity = equal ? 20 : 2_000;
        SimulatedCache cache =
            Peers.NAMES.contains(name)
                ? Peers.of(name, capacity, trace.distinct(), objective)
                : new PolicyCache(name, capacity, objective);
        double mean = (double) trace.requested() / trace.length();
        double value = 0;
        for (int i = 0; i < trace.length(); i++) {
          if (cache.access(trace.key(i), trace.size(i))) {
            value += objective.value(trace.size(i), mean);
          }
        }
        Clairvoyant.Bound bound = Clairvoyant.of(trace, capacity, equal, objective);
        double most = equal ? bound.hits() : bound.bytes() + mean * bound.hits();
        assertThat(value).as(name).isBetween(most / 4, most);
      }
    }
  }

  @Test
  void beladyIsTheBestThereIs() throws Exception {
    // with room for two: a is kept for its next access, b and c change places
    Path file = Files.writeString(folder.resolve("t.tsv"), lines("abcabc"));
    Trace trace = Trace.read(file, true);
    assertThat(Clairvoyant.of(trace, 2, true, Objective.OHR).hits()).isEqualTo(2);
    assertThat(Clairvoyant.of(trace, 3, true, Objective.OHR).hits()).isEqualTo(3);
    assertThat(Clairvoyant.of(trace, 1, true, Objective.OHR).hits()).isEqualTo(1);
  }

  private static String lines(String keys) {
    StringBuilder lines = new StringBuilder();
    keys.chars().forEach(key -> lines.append("0\t").append((char) key).append("\t1\n"));
    return lines.toString();
  }

  private Trace trace(boolean equal) throws IOException, CliException {
    Random random = new Random(9);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      int key = key(random);
      lines.add(i + "\t" + key + "\t" + (1 + key * 37 % 300));
    }
    return Trace.read(Files.write(folder.resolve("trace.tsv"), lines), equal);
  }
}
