package dev.larder.itest.pax;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.ErrorCode;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PutResult;
import dev.larder.api.Reference;
import dev.larder.api.Statistics;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;

/** The main job, by services, on the bundles of the distribution. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class MainJobIT extends GatewayTestCase {

  private static final int SIZE = 3 << 20;

  @Configuration
  public Option[] gateway() {
    return new Option[] {Distribution.gateway(MainJobIT.class, Map.of())};
  }

  @Test
  public void allBundlesOfTheDistributionAreActive() {
    for (Bundle bundle : context.getBundles()) {
      boolean ours = String.valueOf(bundle.getSymbolicName()).startsWith("larder.");
      if (ours) {
        assertEquals(bundle.getSymbolicName(), Bundle.ACTIVE, bundle.getState());
      }
    }
  }

  @Test
  public void whatIsPutIsGot() throws Exception {
    byte[] model = Samples.model(1, SIZE);
    PutResult result = put("main/a", model);
    assertEquals(SIZE, result.size());
    assertTrue("compressed", result.storedBytes() < SIZE * 3L / 4);
    assertArrayEquals(model, get("main/a"));
  }

  @Test
  public void theSameContentIsStoredOnce() throws Exception {
    byte[] model = Samples.model(2, SIZE);
    PutResult first = put("main/once:1", model);
    PutResult second = put("main/once:2", model);
    assertTrue(first.created());
    assertFalse(second.created());
    assertEquals(first.digest(), second.digest());
    assertEquals(0, second.newBlocks());
  }

  @Test
  public void aSwapGivesAFileAndALease() throws Exception {
    byte[] model = Samples.model(3, SIZE);
    Reference reference = Reference.parse("main/swapped");
    put("main/swapped", model);
    SwapResult cold = swapper.swap(SwapRequest.of(reference));
    assertEquals(SwapLevel.STORAGE, cold.level());
    assertArrayEquals(model, Files.readAllBytes(cold.path()));
    assertArrayEquals(model, Files.readAllBytes(work().resolve("ram/active/main/swapped:latest")));
    SwapResult warm = swapper.swap(SwapRequest.of(reference));
    assertEquals(SwapLevel.RAM, warm.level());
    assertEquals(List.of(reference), swapper.evict(reference).leased());
    assertEquals(2, swapper.release(reference));
    assertEquals(List.of(warm.digest()), swapper.evict(reference).evicted());
    assertFalse(Files.exists(cold.path()));
  }

  @Test
  public void referencesAreTaggedRolledBackAndDeleted() throws Exception {
    byte[] one = Samples.model(4, SIZE);
    byte[] two = Samples.model(5, SIZE);
    Reference live = Reference.parse("main/live");
    put("main/live", one);
    put("main/live", two);
    store.tag(live, Reference.parse("main/live:kept"));
    store.rollback(live);
    assertArrayEquals(one, get("main/live"));
    assertArrayEquals(two, get("main/live:kept"));
    ArtifactDetails details = store.show(live);
    assertTrue("history " + details.history(), details.history().size() >= 2);
    store.delete(live);
    assertEquals(ErrorCode.NOT_FOUND, failureOf(() -> store.open(live)).code());
    assertArrayEquals(two, get("main/live:kept"));
  }

  @Test
  public void policiesAreListedAndChosen() throws Exception {
    for (String name : List.of("lfu", "lru")) {
      assertEquals(name, policies.use(name).name());
      List<String> active =
          policies.policies().stream()
              .filter(p -> p.service() == PolicyInfo.Service.CACHE && p.active())
              .map(PolicyInfo::name)
              .toList();
      assertEquals(List.of(name), active);
      assertEquals(name, statistics.current().cache().policy());
    }
  }

  @Test
  public void figuresAndHealthAreThere() throws Exception {
    put("main/counted", Samples.model(6, SIZE));
    Statistics figures = statistics.current();
    assertTrue(figures.artifacts() >= 1);
    assertTrue(figures.logicalBytes() >= SIZE);
    assertTrue(figures.forces() >= 1);
    assertEquals(List.of(), health.findings());
  }
}
