package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.Reference;
import dev.larder.api.ScrubReport;
import dev.larder.itest.campaigns.Flip.Where;
import dev.larder.itest.campaigns.Vault.End;
import dev.larder.itest.gateway.Content;
import dev.larder.itest.gateway.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One bit of a home is flipped while its gateway is down; then it starts and everything is read. A
 * right answer is fine, an error that names artifact and volume is fine, anything else is not. The
 * gateway runs in this process, for the sake of thousands of cases.
 */
class BitFlipIT {

  private static final int SHOWN = 5;
  private static final int CASES_PER_VAULT = 40;
  private static final int DAMAGED_HOMES_KEPT = 5;

  private final List<String> violations = new ArrayList<>();
  private int whole;
  private int named;
  private int lost;
  private long bad;
  private Path folder;

  @BeforeEach
  void nothingYet() {
    violations.clear();
  }

  @Test
  void afterAnOrderlyStopNoFlippedBitDoesHarm() throws Exception {
    run("afterAnOrderlyStopNoFlippedBitDoesHarm", 60, 2_500, End.STOPPED, false);
  }

  @Test
  void afterAKillNoFlippedBitDoesHarm() throws Exception {
    run("afterAKillNoFlippedBitDoesHarm", 50, 2_000, End.KILLED, false);
  }

  @Test
  void withASecondReplicaEveryFlippedBitIsRepaired() throws Exception {
    run("withASecondReplicaEveryFlippedBitIsRepaired", 50, 1_500, End.STOPPED, true);
    assertThat(named).as("failures although there is another replica").isZero();
  }

  private void run(String method, int usual, int many, End end, boolean replicas) throws Exception {
    Campaign campaign = Campaign.of(BitFlipIT.class, method, usual, many);
    long began = System.nanoTime();
    folder = campaign.folder();
    Path quick = campaign.quickFolder();
    Vault vault = null;
    long vaultSeed = 0;
    for (int i = 0; i < campaign.count(); i++) {
      // What is in the home follows from the seed of the case alone, so that it can be replayed.
      long wanted = campaign.seedOf(i) / CASES_PER_VAULT;
      if (vault == null || wanted != vaultSeed) {
        vaultSeed = wanted;
        vault = Vault.fill(quick, vaultSeed, end, replicas);
      }
      one(campaign, i, vault, replicas);
    }
    Trees.delete(quick);
    campaign.report(
        campaign.count()
            + " flips: "
            + whole
            + " references served whole, "
            + named
            + " refused naming artifact and volume, "
            + lost
            + " not known any more, "
            + bad
            + " blocks repaired, "
            + violations.size()
            + " violations",
        began);
    assertThat(violations.stream().limit(SHOWN)).isEmpty();
    Trees.delete(folder);
  }

  private void one(Campaign campaign, int number, Vault vault, boolean replicas)
      throws IOException {
    SplittableRandom random = campaign.random(number);
    Path work = vault.restore();
    Flip flip = Flip.choose(work, where(random), random);
    flip.apply(work);
    List<String> found = new ArrayList<>();
    try {
      judge(vault, random, replicas, found);
    } catch (IOException | RuntimeException | AssertionError e) {
      found.add(e.toString());
    }
    if (!found.isEmpty()) {
      violations.add(flip + ": " + found + "; " + campaign.replay(number));
      if (violations.size() <= DAMAGED_HOMES_KEPT) {
        Path damaged = vault.restore();
        flip.apply(damaged);
        Vault.copy(damaged, folder.resolve("damaged-" + campaign.seedOf(number)));
      }
    }
  }

  private static Where where(SplittableRandom random) {
    return switch (random.nextInt(10)) {
      case 0 -> Where.SUPERBLOCK;
      case 1, 2 -> Where.PACK_EDGE;
      case 3 -> Where.CATALOG;
      default -> Where.ANYWHERE;
    };
  }

  private void judge(Vault vault, SplittableRandom random, boolean replicas, List<String> found)
      throws IOException {
    CoreRig rig = new CoreRig(vault.work).start();
    try {
      Treasure.Reading reading = vault.treasure.read(rig);
      count(reading, found);
      if (replicas) {
        repair(rig, found);
      }
      byte[] more = Contents.pick(random, 100_000);
      rig.put("more:latest", more, "card");
      if (!Content.sha256(rig.get("more:latest")).equals(Content.sha256(more))) {
        found.add("a put after the damage gives other bytes");
      }
      rig.core().store().delete(Reference.parse("more:latest"));
      if (random.nextInt(4) == 0) {
        rig.close();
        rig = new CoreRig(vault.work).start();
        Treasure.Reading again = vault.treasure.read(rig);
        found.addAll(again.violations());
        if (again.whole() < reading.whole()) {
          found.add("after another start " + again + " instead of " + reading);
        }
      }
    } finally {
      rig.close();
    }
  }

  private void count(Treasure.Reading reading, List<String> found) {
    whole += reading.whole();
    named += reading.named();
    lost += reading.lost().size();
    found.addAll(reading.violations());
    reading.lost().forEach(reference -> found.add(reference + " is not known any more"));
  }

  /**
   * Scrub repairs all that has a second replica: what names stand for now. What they stood for
   * before is on the card alone, and is named; what nothing needs is the next collection's.
   */
  private void repair(CoreRig rig, List<String> found) throws IOException {
    Set<String> current = new HashSet<>();
    for (ArtifactSummary summary : rig.core().store().list()) {
      current.add(summary.digest().toString());
    }
    ScrubReport first = rig.core().maintenance().scrub(Optional.empty());
    ScrubReport second = rig.core().maintenance().scrub(Optional.empty());
    bad += first.bad();
    for (String finding : second.findings()) {
      if (current.stream().anyMatch(finding::contains)) {
        found.add("repaired in part: " + first + ", then " + second);
        return;
      }
    }
    if (second.findings().isEmpty() && second.repaired() != second.bad()) {
      found.add("not repaired and not named: " + second);
    }
  }
}
