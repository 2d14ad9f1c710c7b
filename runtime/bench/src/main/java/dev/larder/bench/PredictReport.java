package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.bench.predict.PredictBench.Outcome;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What loading ahead would have gained and cost.
 *
 * @param trace its file
 * @param capacity of the cache, bytes
 * @param policy of the cache
 * @param predictor who foresaw
 * @param without nothing loaded ahead
 * @param with what was foreseen
 */
record PredictReport(
    String trace, long capacity, String policy, String predictor, Outcome without, Outcome with)
    implements Output.Report {

  private double share(long part) {
    return with.guesses() == 0 ? 0 : (double) part / with.guesses();
  }

  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP);
  }

  private long nanosPerEvent() {
    return with.nanos() / Math.max(1, with.guesses());
  }

  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("trace", trace);
    json.addProperty("capacityBytes", capacity);
    json.addProperty("policy", policy);
    json.addProperty("predictor", predictor);
    json.addProperty("events", with.events());
    json.addProperty("top1", rounded(share(with.first())));
    json.addProperty("top3", rounded(share(with.amongThree())));
    json.addProperty("nanosPerEvent", nanosPerEvent());
    json.add("without", toJson(without));
    JsonObject ahead = toJson(with);
    if (with.usefulBytes() + with.wastedBytes() > 0) {
      ahead.addProperty("precision", rounded(with.precision()));
    }
    ahead.addProperty("prefetchedBytes", with.aheadBytes());
    ahead.addProperty("usefulBytes", with.usefulBytes());
    ahead.addProperty("wastedBytes", with.wastedBytes());
    json.add("with", ahead);
    return json;
  }

  private static JsonObject toJson(Outcome outcome) {
    JsonObject json = new JsonObject();
    json.addProperty("hitRatio", rounded(outcome.hitRatio()));
    json.addProperty("demandBytes", outcome.demandBytes());
    json.addProperty("readBytes", outcome.demandBytes() + outcome.aheadBytes());
    return json;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %d events, a cache of %s with %s; the next one was foreseen %.1f %%, among three"
                + " %.1f %% of the time, %d ns an event",
            trace,
            with.events(),
            Sizes.format(capacity),
            policy,
            100 * share(with.first()),
            100 * share(with.amongThree()),
            nanosPerEvent()));
    Table table =
        new Table("", ">HIT RATIO", ">DEMAND", ">AHEAD", ">USED", ">WASTED", ">PRECISION");
    row(table, "without", without);
    row(table, predictor, with);
    lines.addAll(table.lines());
    return lines;
  }

  private static void row(Table table, String name, Outcome outcome) {
    boolean settled = outcome.usefulBytes() + outcome.wastedBytes() > 0;
    table.row(
        name,
        text(outcome.hitRatio()),
        Sizes.format(outcome.demandBytes()),
        Sizes.format(outcome.aheadBytes()),
        Sizes.format(outcome.usefulBytes()),
        Sizes.format(outcome.wastedBytes()),
        settled ? text(outcome.precision()) : "");
  }

  private static String text(double ratio) {
    return String.format(Locale.ROOT, "%.3f", ratio);
  }

  @Override
  public BarChart chart() {
    return new BarChart(
        trace + ", loading ahead",
        List.of(
            group("hit ratio", Outcome::hitRatio, o -> text(o.hitRatio())),
            group(
                "bytes read",
                o -> (double) o.demandBytes() + o.aheadBytes(),
                o -> Sizes.format(o.demandBytes() + o.aheadBytes()))));
  }

  private BarChart.Group group(
      String name, ToDoubleFunction<Outcome> value, Function<Outcome, String> text) {
    return new BarChart.Group(
        name,
        List.of(
            new BarChart.Bar("without", value.applyAsDouble(without), text.apply(without)),
            new BarChart.Bar(predictor, value.applyAsDouble(with), text.apply(with))));
  }
}
