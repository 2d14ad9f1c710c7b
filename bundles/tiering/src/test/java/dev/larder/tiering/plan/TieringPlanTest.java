package dev.larder.tiering.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.Temperature;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.tiering.plan.Move.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TieringPlanTest {

  private static final long MB = 1_000_000;
  private static final long ENOUGH = Long.MAX_VALUE / 2;
  private static final long DAILY = 1000 * MB;

  private final List<Home> homes = new ArrayList<>();
  private PlanTier flash = tier("flash", 3500, 1000, ENOUGH);
  private PlanTier card = tier("card", 100, 10_000, ENOUGH);

  private static PlanTier tier(String name, int rate, long megabytes, long budget) {
    return new PlanTier(
        name,
        new MediaProfile(
            MediaClass.OTHER, 100, rate * MB, rate * MB, 2, 1 << 20, 512, 512, 0, true),
        megabytes * MB,
        megabytes * MB,
        budget,
        DAILY);
  }

  /** A home, whose bytes are taken off what is free on its tier. */
  private Home home(long megabytes, String tier, double loadsAnHour, boolean settled) {
    int number = homes.size() + 1;
    Home home =
        new Home(
            new Digest(number, 0, 0, 0),
            ArtifactKind.MODEL,
            megabytes * MB,
            megabytes * MB,
            tier,
            loadsAnHour > 0 ? Temperature.CACHED : Temperature.ARCHIVE,
            loadsAnHour > 0 ? 2 : 0,
            loadsAnHour / 3600,
            number,
            true,
            true,
            settled);
    homes.add(home);
    if (tier.equals("flash")) {
      flash = taken(flash, megabytes * MB);
    } else {
      card = taken(card, megabytes * MB);
    }
    return home;
  }

  private Home home(long megabytes, String tier, double loadsAnHour) {
    return home(megabytes, tier, loadsAnHour, true);
  }

  private static PlanTier taken(PlanTier tier, long bytes) {
    return new PlanTier(
        tier.name(),
        tier.profile(),
        tier.capacityBytes(),
        tier.freeBytes() - bytes,
        tier.budgetBytes(),
        tier.dailyBytes());
  }

  private PlanTier withBudget(PlanTier tier, long bytes) {
    return new PlanTier(
        tier.name(), tier.profile(), tier.capacityBytes(), tier.freeBytes(), bytes, DAILY);
  }

  /** Archived: the slowest first; else the fastest first. */
  private static List<String> rank(PlacementRequest request) {
    return request.temperature() == Temperature.ARCHIVE
        ? List.of("card", "flash")
        : List.of("flash", "card");
  }

  private TieringPlan plan() {
    return new TieringPlan(List.of(flash, card), homes, TieringPlanTest::rank, ENOUGH);
  }

  @Test
  void whatIsLoadedOftenGoesUpIntoFreeRoomTheMostWorthFirst() {
    Home some = home(300, "card", 1);
    Home most = home(300, "card", 9);
    home(300, "card", 0);
    Home more = home(300, "card", 5);
    assertThat(plan().all())
        .containsExactly(new Move(most, "flash", Reason.HOT), new Move(more, "flash", Reason.HOT));
    assertThat(some.tier()).isEqualTo("card");
  }

  @Test
  void whatIsHotTakesThePlaceOfWhatIsClearlyLess() {
    Home cold = home(400, "flash", 0.1);
    Home warm = home(400, "flash", 6);
    Home hot = home(300, "card", 9);
    assertThat(plan().all())
        .containsExactly(
            new Move(cold, "card", Reason.EXCHANGED), new Move(hot, "flash", Reason.HOT));
    homes.remove(cold);
    flash = taken(flash, 0);
    homes.add(
        new Home(
            cold.digest(),
            cold.kind(),
            cold.size(),
            cold.storedBytes(),
            "flash",
            Temperature.CACHED,
            2,
            6.0 / 3600,
            1,
            true,
            true,
            true));
    assertThat(plan().all()).as("about the same").isEmpty();
    assertThat(warm.loadsPerSecond()).isPositive();
  }

  @Test
  void whatWasMovedLatelyStaysUnlessPressureLeavesNoChoice() {
    Home lately = home(950, "flash", 0, false);
    home(10, "card", 9, false);
    assertThat(plan().all()).containsExactly(new Move(lately, "card", Reason.PRESSURE));
    assertThat(plan().relief()).hasSize(1);
  }

  @Test
  void pressureTakesWhatIsWorthLeastAndNoMoreThanItMust() {
    Home first = home(50, "flash", 0);
    Home second = home(100, "flash", 0);
    home(380, "flash", 3);
    home(380, "flash", 0.5);
    flash = withBudget(flash, 0);
    card = withBudget(card, 0);
    assertThat(plan().all())
        .extracting(Move::home)
        .as("whatever it wears")
        .containsExactly(first, second);
  }

  @Test
  void aBudgetThatIsUsedUpHoldsBackBothSidesOfAnExchange() {
    home(800, "flash", 0.1);
    home(300, "card", 9);
    assertThat(plan().all()).hasSize(2);
    card = withBudget(card, 100 * MB);
    TieringPlan plan = plan();
    assertThat(plan.all()).isEmpty();
    assertThat(plan.heldBack()).containsOnlyKeys("card");
    card = withBudget(card, ENOUGH);
    flash = withBudget(flash, 100 * MB);
    plan = plan();
    assertThat(plan.all()).isEmpty();
    assertThat(plan.heldBack()).containsEntry("flash", 300 * MB);
  }

  @Test
  void whatIsColdLeavesATierThatFillsUp() {
    Home cold = home(200, "flash", 0);
    home(300, "flash", 2);
    assertThat(plan().all()).as("half full").isEmpty();
    home(250, "flash", 1);
    assertThat(plan().all()).containsExactly(new Move(cold, "card", Reason.COLD));
  }

  @Test
  void aPersonsChoiceIsNotTouched() {
    Home home = home(300, "card", 9);
    homes.set(
        0,
        new Home(
            home.digest(),
            home.kind(),
            home.size(),
            home.storedBytes(),
            "card",
            Temperature.CACHED,
            2,
            1,
            1,
            false,
            false,
            true));
    assertThat(plan().all()).isEmpty();
  }

  @Test
  void nothingGoesToAndFro() {
    // Whatever is hot by turns: after its plan was carried out, the next one finds nothing to do.
    for (int i = 0; i < 40; i++) {
      home(20 + i, i % 2 == 0 ? "flash" : "card", i % 7, true);
    }
    List<Move> moves = plan().all();
    assertThat(moves).isNotEmpty();
    for (Move move : moves) {
      Home home = move.home();
      homes.set(
          homes.indexOf(home),
          new Home(
              home.digest(),
              home.kind(),
              home.size(),
              home.storedBytes(),
              move.target(),
              home.temperature(),
              home.loads(),
              home.loadsPerSecond(),
              home.lastTick(),
              true,
              true,
              true));
      flash = taken(flash, move.target().equals("flash") ? home.size() : -home.size());
      card = taken(card, move.target().equals("card") ? home.size() : -home.size());
    }
    assertThat(plan().all()).isEmpty();
  }
}
