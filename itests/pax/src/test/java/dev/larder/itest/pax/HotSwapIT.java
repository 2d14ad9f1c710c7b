package dev.larder.itest.pax;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/**
 * Each kind of plug-in, the very one that is in use, is stopped and started, and updated, again and
 * again while clients put, get and swap: no request fails and nothing is left behind.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HotSwapIT extends GatewayTestCase {

  private static final int TIMES = Integer.getInteger("larder.itest.swaps", 100);

  /** Requests between one change and the next, so that each meets a working gateway. */
  private static final int REQUESTS_BETWEEN = 4;

  private static final int WARM_UP_REQUESTS = 60;
  private static final Duration SETTLED = Duration.ofSeconds(15);

  @Configuration
  public Option[] gateway() {
    return new Option[] {
      Distribution.gateway(HotSwapIT.class, Map.of("larder.codec.choice", "lz4"))
    };
  }

  @Test
  public void mediaDriver() throws Exception {
    survivesSwapsOf("larder.media." + tiers.tiers().get(0).driver());
  }

  @Test
  public void codec() throws Exception {
    survivesSwapsOf("larder.codec.lz4");
  }

  @Test
  public void chunker() throws Exception {
    survivesSwapsOf("larder.chunker.fastcdc");
  }

  @Test
  public void cachePolicy() throws Exception {
    policies.use("lfu");
    survivesSwapsOf("larder.policy.cache.lfu");
    assertEquals("lfu", statistics.current().cache().policy());
  }

  @Test
  public void placementRule() throws Exception {
    survivesSwapsOf("larder.policy.placement.class");
  }

  private void survivesSwapsOf(String symbolicName) throws Exception {
    PlugIn plugIn = PlugIn.named(context, symbolicName);
    swapUnderLoad(plugIn, 1, WARM_UP_REQUESTS); // what is made at first use is there afterwards
    plugIn.refresh();
    Footprint before = settled();
    long start = System.nanoTime();
    Load.Outcome outcome = swapUnderLoad(plugIn, TIMES, REQUESTS_BETWEEN);
    report(plugIn, outcome, System.nanoTime() - start);
    assertEquals(List.of(), outcome.failures().stream().limit(5).toList());
    plugIn.refresh();
    await(
        "nothing is left of " + plugIn,
        SETTLED,
        () -> moreThan(before).isEmpty(),
        () -> moreThan(before));
    assertEquals("class loaders of former revisions", 0, plugIn.formerClassLoaders());
  }

  private Load.Outcome swapUnderLoad(PlugIn plugIn, int times, int between) throws Exception {
    Load load = Load.start(store, swapper);
    try {
      load.awaitRequests(between);
      for (int i = 0; i < times; i++) {
        plugIn.stop();
        plugIn.start();
        load.awaitRequests(between);
        plugIn.update();
        load.awaitRequests(between);
      }
    } catch (Exception | AssertionError e) {
      load.abandon();
      throw e;
    }
    return load.stop();
  }

  private Footprint settled() throws Exception {
    maintenance.awaitIdle(SETTLED);
    Footprint last = Footprint.now(work());
    long end = System.nanoTime() + SETTLED.toNanos();
    int calm = 0;
    while (calm < 5 && System.nanoTime() < end) {
      Thread.sleep(100);
      Footprint next = Footprint.now(work());
      calm = next.equals(last) ? calm + 1 : 0;
      last = next;
    }
    return last;
  }

  private static String moreThan(Footprint before) throws IOException {
    return Footprint.now(work()).beyond(before, work());
  }

  private static void report(PlugIn plugIn, Load.Outcome outcome, long nanos) {
    System.out.printf(
        "%s: %d times stopped, started and updated in %.1f s under %d requests, %d failed, slowest"
            + " %d ms%n",
        plugIn,
        TIMES,
        nanos / 1e9,
        outcome.requests(),
        outcome.failures().size(),
        outcome.slowestMillis());
  }
}
