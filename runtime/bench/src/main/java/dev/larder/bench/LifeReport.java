package dev.larder.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.bench.life.LifeOutcome;
import dev.larder.bench.life.LifeOutcome.Tier;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Sizes;
import dev.larder.tiering.plan.Move.Reason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What has come of a simulated life.
 *
 * @param outcome all of it
 * @param policy that decided over the RAM cache
 * @param placement rule
 * @param nanos that the simulation took
 */
record LifeReport(LifeOutcome outcome, String policy, String placement, long nanos)
    implements Output.Report {
  private static final double DAY_SECONDS = 86_400;

  private double days() {
    return outcome.seconds() / DAY_SECONDS;
  }

  private double hitRatio() {
    return (double) outcome.ramHits() / Math.max(1, outcome.swaps());
  }

  private double byteHitRatio() {
    return (double) outcome.ramHitBytes() / Math.max(1, outcome.swapBytes());
  }

  private long demotions() {
    return outcome.moves(Reason.EXCHANGED)
        + outcome.moves(Reason.COLD)
        + outcome.moves(Reason.PRESSURE);
  }

  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("policy", policy);
    json.addProperty("placement", placement);
    json.addProperty("days", rounded(days(), 2));
    json.addProperty("swaps", outcome.swaps());
    json.addProperty("swapBytes", outcome.swapBytes());
    json.addProperty("artifacts", outcome.artifacts());
    json.addProperty("objectHitRatio", rounded(hitRatio(), 4));
    json.addProperty("byteHitRatio", rounded(byteHitRatio(), 4));
    json.addProperty("secondsWaited", rounded(outcome.secondsWaited(), 1));
    json.addProperty("promotions", outcome.moves(Reason.HOT));
    json.addProperty("demotions", demotions());
    JsonObject moves = new JsonObject();
    for (Reason reason : Reason.values()) {
      moves.addProperty(reason.name(), outcome.moves(reason));
    }
    json.add("moves", moves);
    JsonArray tiers = new JsonArray();
    outcome.tiers().forEach(tier -> tiers.add(toJson(tier)));
    json.add("tiers", tiers);
    json.add("simulationMillis", Durations.millisOf(nanos));
    return json;
  }

  private static JsonObject toJson(Tier tier) {
    JsonObject json = new JsonObject();
    json.addProperty("name", tier.name());
    json.addProperty("role", tier.role());
    json.addProperty("capacityBytes", tier.capacity());
    json.addProperty("usedBytes", tier.used());
    json.addProperty("loads", tier.loads());
    json.addProperty("bytesRead", tier.bytesRead());
    json.addProperty("secondsWaited", rounded(tier.secondsWaited(), 1));
    json.addProperty("bytesWritten", tier.written());
    json.addProperty("putBytes", tier.put());
    json.addProperty("movedBytes", tier.moved());
    json.addProperty("filledBytes", tier.filled());
    if (tier.rated().isPresent()) {
      json.addProperty("ratedBytes", tier.rated().getAsLong());
      json.addProperty("lifeUsed", rounded(tier.lifeUsed(), 6));
    }
    if (tier.budget().isPresent()) {
      json.addProperty("budgetBytes", tier.budget().getAsLong());
    }
    json.addProperty("withinBudget", tier.withinBudget());
    json.addProperty("heldBack", tier.heldBack());
    return json;
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }

  @Override
  public List<Grid> grids() {
    Grid all = new Grid("Swaps", ">DAYS", ">SWAPS", ">OBJECT HITS", ">BYTE HITS", ">WAITED A DAY");
    all.row(
        String.format(Locale.ROOT, "%.0f", days()),
        Long.toString(outcome.swaps()),
        percent(hitRatio()),
        percent(byteHitRatio()),
        String.format(Locale.ROOT, "%.1f s", outcome.secondsWaited() / Math.max(1, days())));
    Grid tiers =
        new Grid(
            "Tiers",
            "TIER",
            "ROLE",
            ">USED",
            ">CAPACITY",
            ">LOADS",
            ">READ",
            ">WAITED",
            ">PUT",
            ">MOVED",
            ">FILLED",
            ">LIFE USED",
            ">OF BUDGET",
            ">HELD BACK");
    for (Tier tier : outcome.tiers()) {
      tiers.row(
          tier.name(),
          tier.role().toLowerCase(Locale.ROOT),
          Sizes.format(tier.used()),
          Sizes.format(tier.capacity()),
          Long.toString(tier.loads()),
          Sizes.format(tier.bytesRead()),
          String.format(Locale.ROOT, "%.0f s", tier.secondsWaited()),
          Sizes.format(tier.put()),
          Sizes.format(tier.moved()),
          Sizes.format(tier.filled()),
          tier.rated().isEmpty()
              ? "-"
              : String.format(Locale.ROOT, "%.3f %%", 100 * tier.lifeUsed()),
          tier.budget().isEmpty()
              ? "-"
              : percent((double) tier.written() / Math.max(1, tier.budget().getAsLong())),
          Long.toString(tier.heldBack()));
    }
    Grid moves = new Grid("Homes that were moved", ">HOT", ">EXCHANGED", ">COLD", ">PRESSURE");
    moves.row(
        Long.toString(outcome.moves(Reason.HOT)),
        Long.toString(outcome.moves(Reason.EXCHANGED)),
        Long.toString(outcome.moves(Reason.COLD)),
        Long.toString(outcome.moves(Reason.PRESSURE)));
    return List.of(all, tiers, moves);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    grids().forEach(grid -> lines.addAll(grid.lines()));
    lines.addAll(remarks());
    return lines;
  }

  @Override
  public List<String> remarks() {
    return List.of(
        "policy "
            + policy
            + ", placement "
            + placement
            + "; simulated in "
            + Durations.format(nanos / 1e6)
            + "; what is stored takes its size, and collections are not simulated");
  }

  @Override
  public BarChart chart() {
    List<BarChart.Bar> written = new ArrayList<>();
    List<BarChart.Bar> waited = new ArrayList<>();
    for (Tier tier : outcome.tiers()) {
      written.add(new BarChart.Bar(tier.name(), tier.written(), Sizes.format(tier.written())));
      waited.add(
          new BarChart.Bar(
              tier.name(),
              tier.secondsWaited(),
              String.format(Locale.ROOT, "%.0f s", tier.secondsWaited())));
    }
    return new BarChart(
        String.format(Locale.ROOT, "%.0f days of a gateway", days()),
        List.of(
            new BarChart.Group("bytes written", written),
            new BarChart.Group("seconds waited for loads from", waited)));
  }
}
