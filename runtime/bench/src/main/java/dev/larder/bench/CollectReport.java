package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was measured.
 *
 * @param dead stored bytes of what was deleted
 * @param back bytes that the file system got back
 * @param collection how long that took, nanoseconds
 * @param quiet swaps from the tier with nothing beside them
 * @param busy the same during the collection
 */
record CollectReport(long dead, long back, long collection, Sample quiet, Sample busy) {

  double share() {
    return (double) back / dead;
  }

  /** How much longer the slowest hundredth of swaps takes during a collection. */
  double slowdown() {
    return (double) busy.quantile(0.99) / quiet.quantile(0.99);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("deadBytes", dead);
    json.addProperty("backBytes", back);
    json.addProperty("share", rounded(share()));
    json.add("collectionMillis", Durations.millisOf(collection));
    json.add("quietSwap", quiet.toJson());
    json.add("busySwap", busy.toJson());
    json.addProperty("p99Ratio", rounded(slowdown()));
    return json;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s of %s dead bytes back (%.1f %%) in %s",
            Sizes.format(back),
            Sizes.format(dead),
            share() * 100,
            Durations.format(collection / 1e6)));
    Table table = new Table("SWAP FROM THE TIER", ">RUNS", ">MEDIAN", ">P99", ">MAX");
    row(table, "quiet", quiet);
    row(table, "during the collection", busy);
    lines.addAll(table.lines());
    lines.add(String.format(Locale.ROOT, "p99 during / quiet: %.2f", slowdown()));
    return lines;
  }

  private static void row(Table table, String name, Sample sample) {
    table.row(
        name,
        Integer.toString(sample.count()),
        Durations.format(sample.median() / 1e6),
        Durations.format(sample.quantile(0.99) / 1e6),
        Durations.format(sample.max() / 1e6));
  }

  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
  }
}
