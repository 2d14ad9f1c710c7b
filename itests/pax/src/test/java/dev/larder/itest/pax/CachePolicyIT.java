package dev.larder.itest.pax;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import dev.larder.api.HealthFinding;
import dev.larder.api.PolicyInfo;
import dev.larder.api.Reference;
import dev.larder.api.Statistics;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/** Who decides what stays in RAM can be changed at any time, and be missing, at no cost. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class CachePolicyIT extends GatewayTestCase {

  private static final int CHANGES = Integer.getInteger("larder.itest.policy.swaps", 1000);
  private static final int CLIENTS = 8;
  private static final int MODELS = 8;
  private static final long STEADY_MILLIS = 1_000;

  /** In each so many changes, the bundle of the new policy is restarted once and updated once. */
  private static final int RESTART_EVERY = 20;

  private static final int SIZE = 512 << 10;

  /** Of that size no more than three fit into the RAM cache. */
  private static final int LARGE = 20 << 20;

  @Configuration
  public Option[] gateway() {
    return new Option[] {Distribution.gateway(CachePolicyIT.class, Map.of())};
  }

  @Test
  public void aThousandChangesUnderSwapsFailNothingAndEvictNothing() throws Exception {
    for (int i = 0; i < MODELS; i++) {
      put("policy/m" + i, Samples.model(100 + i, SIZE));
      swapAndRelease("policy/m" + i);
    }
    Map<Statistics.EvictionCause, Long> evictionsBefore = statistics.current().cache().evictions();
    AtomicBoolean running = new AtomicBoolean(true);
    AtomicLong swaps = new AtomicLong();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Thread client = new Thread(() -> swapping(running, swaps, failures), "itest-client-" + i);
      clients.add(client);
      client.start();
    }
    Map<String, PlugIn> installed = installed();
    List<String> names = List.copyOf(installed.keySet());
    Statistics.Latency steady;
    Statistics.Latency changing;
    long start;
    try {
      String mark = statistics.current().mark();
      Thread.sleep(STEADY_MILLIS);
      steady = fromRam(mark);
      start = System.nanoTime();
      mark = statistics.current().mark();
      for (int i = 0; i < CHANGES; i++) {
        long seen = swaps.get();
        String name = names.get(i % names.size());
        policies.use(name);
        if (i % RESTART_EVERY == RESTART_EVERY / 2) {
          installed.get(name).stop();
          installed.get(name).start();
        } else if (i % RESTART_EVERY == RESTART_EVERY - 1) {
          installed.get(name).update();
        }
        while (swaps.get() == seen && failures.isEmpty()) {
          Thread.sleep(0, 50_000);
        }
      }
      changing = fromRam(mark);
    } finally {
      running.set(false);
      for (Thread client : clients) {
        client.join();
      }
    }
    System.out.printf(
        "%d changes among %s in %.1f s under %d swaps, %d failed; from RAM: p99 steady %.3f ms,"
            + " during the changes %.3f ms%n",
        CHANGES,
        names,
        (System.nanoTime() - start) / 1e9,
        swaps.get(),
        failures.size(),
        steady.p99Nanos() / 1e6,
        changing.p99Nanos() / 1e6);
    assertEquals(List.of(), failures.stream().limit(5).toList());
    assertEquals(evictionsBefore, statistics.current().cache().evictions());
    assertEquals(List.of(), health.findings().stream().filter(this::isOfAPolicy).toList());
    for (PlugIn plugIn : installed.values()) {
      plugIn.refresh();
      assertEquals("class loaders left of " + plugIn, 0, plugIn.formerClassLoaders());
    }
  }

  private boolean isOfAPolicy(HealthFinding finding) {
    return finding.subject().startsWith("policy");
  }

  private Statistics.Latency fromRam(String mark) throws Exception {
    return statistics.since(mark).swaps().get(SwapLevel.RAM);
  }

  /** All cache policies but the built-in one, by name. */
  private Map<String, PlugIn> installed() {
    Map<String, PlugIn> installed = new TreeMap<>();
    for (PolicyInfo policy : policies.policies()) {
      if (policy.service() == PolicyInfo.Service.CACHE && !policy.bundle().equals("built-in")) {
        String symbolicName = policy.bundle().split(" ", -1)[0];
        installed.put(policy.name(), PlugIn.named(context, symbolicName));
      }
    }
    assertTrue("there are some: " + installed, installed.size() > 1);
    return installed;
  }

  private void swapping(AtomicBoolean running, AtomicLong swaps, Queue<String> failures) {
    while (running.get()) {
      try {
        swapAndRelease("policy/m" + ThreadLocalRandom.current().nextInt(MODELS));
        swaps.incrementAndGet();
      } catch (Exception e) {
        failures.add(e.toString());
      }
    }
  }

  @Test
  public void withoutAnyPolicyBundleTheBuiltInOneDecides() throws Exception {
    policies.use("lfu");
    PlugIn lru = PlugIn.named(context, "larder.policy.cache.lru");
    PlugIn lfu = PlugIn.named(context, "larder.policy.cache.lfu");
    lru.stop();
    lfu.stop();
    try {
      assertEquals("built-in", activeCachePolicy().bundle());
      long pressure = evictionsByPressure();
      for (int i = 0; i < 6; i++) {
        put("policy/large" + i, Samples.model(200 + i, LARGE));
        swapAndRelease("policy/large" + i);
      }
      assertTrue("it evicts", evictionsByPressure() > pressure);
    } finally {
      lru.start();
      lfu.start();
    }
    assertEquals("the choice is remembered", "lfu", activeCachePolicy().name());
    assertNotEquals("built-in", activeCachePolicy().bundle());
  }

  private PolicyInfo activeCachePolicy() {
    List<PolicyInfo> active =
        policies.policies().stream()
            .filter(p -> p.service() == PolicyInfo.Service.CACHE && p.active())
            .toList();
    assertEquals("one decides: " + active, 1, active.size());
    return active.get(0);
  }

  private long evictionsByPressure() {
    return statistics
        .current()
        .cache()
        .evictions()
        .getOrDefault(Statistics.EvictionCause.PRESSURE, 0L);
  }

  private void swapAndRelease(String reference) throws Exception {
    swapper.release(swapper.swap(SwapRequest.of(Reference.parse(reference))).lease());
  }
}
