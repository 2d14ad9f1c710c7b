package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PolicyTrial;
import dev.larder.api.SwapRequest;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.cache.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTrialTest {

  private static final int SIZE = 1 << 20;

  @TempDir Path folder;
  private Rig rig;

  /** Room for three of four. */
  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, 3 * SIZE + 1000);
    for (int i = 0; i < 4; i++) {
      rig.put("m" + i, Rig.model(i, SIZE));
    }
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** A loop over more than fits: LRU hits nothing. */
  private void loop(int rounds) throws Exception {
    for (int i = 0; i < 4 * rounds; i++) {
      SwapRequest request =
          SwapRequest.of(Rig.ref("m" + i % 4)).withTimeout(Duration.ofSeconds(20));
      rig.core.swapper().release(rig.core.swapper().swap(request).lease());
    }
  }

  private void install(String name, CachePolicy policy) {
    rig.plugins.cachePolicies().added(name, policy, "acme 1.0.0", 0);
  }

  /** Keeps the same ones, whatever is used: good for a loop. */
  private static class Constant implements CachePolicy {
    @Override
    public String name() {
      return "constant";
    }

    @Override
    public double rank(LedgerEntry entry) {
      return entry.key();
    }
  }

  @Test
  void itTellsWhatAnotherWouldHaveReachedAndChangesNothing() throws Exception {
    install("constant", new Constant());
    loop(30);
    long misses = rig.core.statistics().current().cache().misses();
    List<PolicyTrial> trials = rig.core.policies().dryRun("constant");
    assertThat(trials).extracting(PolicyTrial::policy).containsExactly("constant", "lru");
    assertThat(trials).extracting(PolicyTrial::active).containsExactly(false, true);
    assertThat(trials.get(0).accesses()).isBetween(118L, 120L); // the last ones may be on their way
    assertThat(trials.get(0).objectHitRatio()).isBetween(0.45, 0.5);
    assertThat(trials.get(0).byteHitRatio()).isEqualTo(trials.get(0).objectHitRatio());
    assertThat(trials.get(1).objectHitRatio()).as("as it was").isZero();
    assertThat(misses).isEqualTo(120);
    assertThat(rig.core.policies().dryRun("lru")).hasSize(1);
    assertThat(rig.core.statistics().current().cache().policy()).isEqualTo("lru");
    assertThat(rig.core.statistics().current().cache().misses()).isEqualTo(misses);
  }

  @Test
  void whatCannotBeTriedIsSaid() throws Exception {
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.core.policies().dryRun("nonsense"));
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.core.policies().dryRun("class"));
    loop(2);
    assertThatThrownBy(() -> rig.core.policies().dryRun("lfu"))
        .isInstanceOfSatisfying(
            LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("too few");
  }

  @Test
  void onePolicyThatFailsInATrialFailsTheTrialAlone() throws Exception {
    install(
        "constant",
        new Constant() {
          @Override
          public double rank(LedgerEntry entry) {
            throw new IllegalStateException("broken");
          }
        });
    loop(30);
    assertThatThrownBy(() -> rig.core.policies().dryRun("constant"))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("broken");
    assertThat(rig.core.policies().policies()).anyMatch(p -> p.active() && p.name().equals("lru"));
    assertThat(rig.core.health().findings()).noneMatch(f -> f.subject().startsWith("policy"));
  }
}
