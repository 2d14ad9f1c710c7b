package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.PolicyInfo;
import dev.larder.api.PolicyInfo.Service;
import dev.larder.api.PutRequest;
import dev.larder.api.Statistics;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.policy.predict.ppm.PpmPredictor;
import dev.larder.spi.prediction.Prediction;
import dev.larder.spi.prediction.UsageEvent;
import dev.larder.spi.prediction.UsagePredictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What usually comes next is in RAM before it is asked for. */
class PrefetchTest {

  private static final int SIZE = 256 << 10;
  private static final int MODELS = 9;

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, 4 * SIZE); // so that a round of nine models is all misses
    for (int i = 0; i < MODELS; i++) {
      rig.put("m" + i, Rig.model(i, SIZE));
    }
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private UsagePredictor ppm() throws IOException {
    UsagePredictor ppm = new PpmPredictor();
    rig.plugins.predictors().added("ppm", ppm, "test", 0);
    rig.core.policies().use("ppm");
    return ppm;
  }

  private SwapResult swap(String name) throws IOException, InterruptedException {
    SwapResult result =
        rig.core.swapper().swap(SwapRequest.of(Rig.ref(name)).withTimeout(Duration.ofSeconds(20)));
    rig.core.swapper().release(result.lease());
    assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(20))).isTrue();
    return result;
  }

  /** Hits of so many rounds over all models, one after the other. */
  private int rounds(int count) throws IOException, InterruptedException {
    int hits = 0;
    for (int i = 0; i < count * MODELS; i++) {
      hits += swap("m" + i % MODELS).level() == SwapLevel.RAM ? 1 : 0;
    }
    return hits;
  }

  private Statistics.Prefetch figures() {
    return rig.core.statistics().current().prefetch();
  }

  @Test
  void aRoundThatRepeatsIsLoadedAhead() throws Exception {
    ppm();
    rounds(6);
    Statistics before = rig.core.statistics().current();
    assertThat(rounds(2)).isEqualTo(2 * MODELS);
    Statistics since = rig.core.statistics().since(before.mark());
    assertThat(since.prefetch().usefulBytes()).isEqualTo(2L * MODELS * SIZE);
    assertThat(since.prefetch().wastedBytes()).isZero();
    assertThat(figures().usefulBytes()).isGreaterThan(since.prefetch().usefulBytes());
    assertThat(rig.core.swapper().leases()).isEmpty();
  }

  @Test
  void itIsOnWhereItIsInstalledUnlessSomebodySwitchedItOff() throws Exception {
    assertThat(rig.core.health().findings())
        .noneMatch(finding -> finding.subject().startsWith("policy/"));
    assertThat(active()).isEqualTo("off");
    rig.plugins.predictors().added("ppm", new PpmPredictor(), "test", 0);
    assertThat(active()).isEqualTo("ppm");
    rig.core.policies().use("off");
    rig.core.close();
    rig.prepare();
    rig.plugins.predictors().added("ppm", new PpmPredictor(), "test", 0);
    rig.go();
    assertThat(active()).isEqualTo("off");
  }

  private String active() {
    return rig.core.policies().policies().stream()
        .filter(policy -> policy.service() == Service.PREDICTION && policy.active())
        .map(PolicyInfo::name)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void switchedOffNothingHappens() throws Exception {
    assertThat(rounds(6)).isZero();
    ppm();
    rounds(6);
    rig.core.policies().use("off");
    swap("m0"); // was foreseen before
    Statistics.Prefetch before = figures();
    assertThat(rounds(1)).isLessThanOrEqualTo(1);
    assertThat(figures().usefulBytes() - before.usefulBytes()).isLessThanOrEqualTo(SIZE);
  }

  @Test
  void protocolDataIsNoModel() throws Exception {
    ppm();
    for (int i = 0; i < MODELS; i++) {
      byte[] bytes = Rig.model(100 + i, SIZE);
      rig.core
          .store()
          .put(PutRequest.of(Rig.ref("p" + i), ArtifactKind.PROTOCOL_DATA), Rig.content(bytes));
    }
    for (int i = 0; i < 8 * MODELS; i++) {
      assertThat(swap("p" + i % MODELS).level()).isNotEqualTo(SwapLevel.RAM);
    }
    assertThat(figures()).isEqualTo(new Statistics.Prefetch(0, 0));
  }

  @Test
  void eachProcessHasItsOwnOrder() throws Exception {
    ppm();
    long[] pids = {ProcessHandle.current().pid(), 1};
    int[] at = new int[2];
    Random random = new Random(3);
    int hits = 0;
    for (int i = 0; i < 200; i++) {
      int who = random.nextInt(2);
      String name = "m" + (who * 4 + at[who]++ % 4);
      SwapRequest request =
          new SwapRequest(
              Rig.ref(name),
              Duration.ofSeconds(20),
              Duration.ofSeconds(20),
              false,
              OptionalLong.of(pids[who]));
      SwapResult result = rig.core.swapper().swap(request);
      rig.core.swapper().release(result.lease());
      assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(20))).isTrue();
      hits += i >= 100 && result.level() == SwapLevel.RAM ? 1 : 0;
    }
    assertThat(hits).as("of 100").isGreaterThan(85);
  }

  @Test
  void whatWasLearntSurvivesARestart() throws Exception {
    ppm();
    rounds(6);
    rig.core.close();
    assertThat(folder.resolve("home/conf/prediction")).isNotEmptyFile();
    rig.prepare();
    rig.plugins.predictors().added("ppm", new PpmPredictor(), "test", 0);
    rig.go();
    rounds(2); // what predictions are worth is measured anew
    assertThat(rounds(1)).isEqualTo(MODELS);
  }

  @Test
  void whatWasLearntSurvivesAnUpdateOfTheBundle() throws Exception {
    UsagePredictor old = ppm();
    rounds(8);
    rig.plugins.predictors().removed(old);
    rounds(1);
    ppm();
    swap("m0");
    assertThat(rounds(1)).isGreaterThanOrEqualTo(MODELS - 2);
  }

  @Test
  void aDamagedFileIsNoReasonNotToStart() throws Exception {
    ppm();
    rounds(5);
    rig.core.close();
    Files.writeString(folder.resolve("home/conf/prediction"), "nothing of ours");
    rig.start();
    ppm();
    rounds(5);
    assertThat(rounds(1)).isEqualTo(MODELS);
  }

  @Test
  void aPredictorThatThrowsIsWithdrawn() throws Exception {
    rig.plugins
        .predictors()
        .added(
            "bad",
            new UsagePredictor() {
              @Override
              public String name() {
                return "bad";
              }

              @Override
              public void observe(UsageEvent event) {
                throw new IllegalStateException("of today");
              }

              @Override
              public List<Prediction> predict(UsageEvent latest, int limit) {
                return List.of();
              }
            },
            "test 1.0.0",
            0);
    rig.core.policies().use("bad");
    swap("m0");
    assertThat(rig.core.health().findings())
        .anySatisfy(
            finding ->
                assertThat(finding.finding())
                    .contains("withdrawn")
                    .contains("of today")
                    .contains("off decides instead"));
    assertThat(swap("m1").level()).isEqualTo(SwapLevel.STORAGE);
  }
}
