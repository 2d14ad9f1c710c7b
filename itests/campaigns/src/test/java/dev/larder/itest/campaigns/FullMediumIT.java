package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierRole;
import dev.larder.itest.gateway.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A medium is full at its first write, at its second, and so on through a life of puts, deletions,
 * collections, sealed packs and restarts: nothing that was acknowledged is lost, every refusal says
 * why, and when there is room again all goes on.
 */
class FullMediumIT {

  private static final int STEPS = 22;
  private static final int STEPS_UNTIL_ROOM = 4;
  private static final int MOST_BYTES = 500_000;
  private static final long TIER_BYTES = 64 << 20;
  private static final Set<ErrorCode> CLEAR =
      Set.of(ErrorCode.TIER_FULL, ErrorCode.NO_SUITABLE_TIER);

  private final List<String> violations = new ArrayList<>();
  private long refusedWrites;
  private long refusedCalls;

  @Test
  void aMediumFullAtAnyWriteLosesNothing() throws Exception {
    Campaign campaign =
        Campaign.of(FullMediumIT.class, "aMediumFullAtAnyWriteLosesNothing", 45, 1_500);
    long began = System.nanoTime();
    Path quick = campaign.quickFolder();
    long most = new Life(quick, campaign.random(0), Long.MAX_VALUE).run();
    for (int i = 0; i < campaign.count(); i++) {
      // The write follows from the seed, and the whole life is covered evenly.
      long n = 1 + Math.floorMod(campaign.seedOf(i) * 7, most);
      int before = violations.size();
      new Life(quick, campaign.random(i), n).run();
      for (int v = before; v < violations.size(); v++) {
        violations.set(v, "write " + n + ": " + violations.get(v) + "; " + campaign.replay(i));
      }
    }
    Trees.delete(quick);
    campaign.report(
        campaign.count()
            + " lives, full at one of "
            + most
            + " writes: "
            + refusedWrites
            + " writes and "
            + refusedCalls
            + " calls refused, "
            + violations.size()
            + " violations",
        began);
    assertThat(violations.stream().limit(10)).isEmpty();
    assertThat(campaign.count() < 10 || refusedWrites > 0).as("writes were refused").isTrue();
  }

  /** One gateway from its making to its last look. */
  private final class Life {

    private final Path folder;
    private final SplittableRandom random;
    private final long fullAt;
    private final Fullness fullness = new Fullness();
    private final Treasure treasure = new Treasure();
    private CoreRig rig;
    private int stepsWithoutRoom;

    Life(Path parent, SplittableRandom random, long fullAt) {
      this.folder = parent.resolve("gateway");
      this.random = random;
      this.fullAt = fullAt;
    }

    /** Returns the writes that it took. */
    long run() throws Exception {
      Trees.delete(folder);
      rig =
          new CoreRig(
              folder, driver -> driver.name().equals("sd") ? fullness.over(driver) : driver);
      rig.start();
      try {
        fullness.fullAt(fullAt);
        addTier();
        for (int i = 0; i < STEPS; i++) {
          step(i);
          roomAfterAWhile();
        }
        fullness.roomAgain();
        afterwards();
      } finally {
        rig.close();
      }
      refusedWrites += fullness.refused();
      return fullness.writes();
    }

    private void addTier() throws IOException {
      if (!attempt("tier add", () -> rig.tier("card", "sd", TierRole.STORAGE, TIER_BYTES))) {
        fullness.roomAgain();
        rig.tier("card", "sd", TierRole.STORAGE, TIER_BYTES);
      }
    }

    private void roomAfterAWhile() {
      if (fullness.refused() > 0 && ++stepsWithoutRoom > STEPS_UNTIL_ROOM) {
        fullness.roomAgain();
      }
    }

    private void step(int number) throws Exception {
      List<String> references = List.copyOf(treasure.references());
      int dice = random.nextInt(12);
      if (references.isEmpty() || dice < 6) {
        put("m" + random.nextInt(8) + ":latest");
      } else if (dice < 8) {
        delete(references.get(random.nextInt(references.size())));
      } else if (dice < 9) {
        attempt("gc", () -> rig.core().maintenance().collect());
      } else if (dice < 10) {
        rig.close();
        rig.start();
      } else {
        look("step " + number);
      }
    }

    private void put(String reference) throws IOException {
      byte[] content = Contents.pick(random, MOST_BYTES);
      if (attempt("put " + reference, () -> rig.put(reference, content, "card"))) {
        treasure.given(reference, content);
      }
    }

    private void delete(String reference) throws IOException {
      if (attempt("rm " + reference, () -> rig.core().store().delete(Reference.parse(reference)))) {
        treasure.deleted(reference);
      }
    }

    private void look(String when) {
      Treasure.Reading reading = treasure.read(rig);
      reading.violations().forEach(violation -> violations.add(when + ": " + violation));
      if (reading.whole() != treasure.references().size()) {
        violations.add(when + ": " + reading);
      }
    }

    /**
     * Room again: everything that was given is there, now and after a restart, and more goes in.
     */
    private void afterwards() throws Exception {
      look("with room again");
      put("more:latest");
      delete("more:latest");
      attempt("gc", () -> rig.core().maintenance().collect());
      rig.close();
      rig.start();
      look("after a restart");
      long bad = rig.core().maintenance().scrub(java.util.Optional.empty()).bad();
      if (bad > 0) {
        violations.add(bad + " bad blocks");
      }
    }

    private boolean attempt(String what, Call call) throws IOException {
      long before = fullness.refused();
      try {
        call.run();
        return true;
      } catch (LarderException e) {
        refusedCalls++;
        if (fullness.refused() == before || !CLEAR.contains(e.code())) {
          violations.add(what + ": " + e.code() + " " + e.describe());
        }
        return false;
      }
    }
  }

  private interface Call {
    void run() throws IOException;
  }
}
