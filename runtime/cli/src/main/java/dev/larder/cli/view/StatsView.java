package dev.larder.cli.view;

import com.google.gson.JsonObject;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Fields;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Statistics for people. */
public final class StatsView {
  private StatsView() {}

  /** All of them. */
  public static List<String> lines(JsonObject stats) {
    List<String> lines = new ArrayList<>();
    lines.add("artifacts    " + Fields.text(stats, "artifacts"));
    lines.add("logical      " + size(stats, "logicalBytes"));
    lines.add(
        "stored       "
            + size(stats, "storedBytes")
            + "  (deduplication saves "
            + size(stats, "dedupSavedBytes")
            + ", compression "
            + ratio(stats, "compressionRatio")
            + ")");
    lines.add(
        "physical     "
            + size(stats, "physicalBytes")
            + "  (in all "
            + ratio(stats, "totalRatio")
            + ", efficiency "
            + percent(Fields.decimal(stats, "efficiency"))
            + ")");
    lines.add("replicas     " + size(stats, "replicaBytes"));
    lines.add(
        "blocks       "
            + Fields.text(stats, "uniqueBlocks")
            + " unique of "
            + Fields.text(stats, "totalBlocks")
            + ", index "
            + size(stats, "indexBytes"));
    lines.add("forces       " + Fields.text(stats, "forces"));
    cache(Fields.object(stats, "cache"), lines);
    prefetch(Fields.object(stats, "prefetch"), lines);
    swaps(Fields.object(stats, "swaps"), lines);
    lines.add("mark         " + Fields.text(stats, "mark"));
    return lines;
  }

  private static void cache(JsonObject cache, List<String> lines) {
    long hits = Fields.whole(cache, "hits");
    long all = hits + Fields.whole(cache, "misses");
    lines.add(
        "RAM cache    "
            + Fields.text(cache, "policy")
            + ": "
            + Counts.of(Fields.whole(cache, "residents"), "artifact")
            + ", "
            + size(cache, "usedBytes")
            + " of "
            + size(cache, "limitBytes")
            + "; "
            + hits
            + " of "
            + all
            + " swaps hit"
            + (all == 0 ? "" : " (" + percent((double) hits / all) + ")")
            + evictions(Fields.object(cache, "evictions")));
  }

  /** Only where anything was loaded ahead. */
  private static void prefetch(JsonObject prefetch, List<String> lines) {
    long useful = Fields.whole(prefetch, "usefulBytes");
    long wasted = Fields.whole(prefetch, "wastedBytes");
    if (useful + wasted > 0) {
      lines.add(
          "loaded ahead "
              + size(prefetch, "usefulBytes")
              + " used, "
              + size(prefetch, "wastedBytes")
              + " evicted unused (precision "
              + percent(Fields.decimal(prefetch, "precision"))
              + ")");
    }
  }

  private static String evictions(JsonObject causes) {
    StringBuilder text = new StringBuilder();
    for (String cause : causes.keySet()) {
      if (Fields.whole(causes, cause) > 0) {
        text.append(text.isEmpty() ? "; evicted " : ", ")
            .append(Fields.whole(causes, cause))
            .append(" by ")
            .append(cause.toLowerCase(Locale.ROOT));
      }
    }
    return text.toString();
  }

  private static void swaps(JsonObject levels, List<String> lines) {
    Table table = new Table("swaps from", ">COUNT", ">P50", ">P99", ">MAX");
    for (String level : levels.keySet()) {
      JsonObject swaps = Fields.object(levels, level);
      if (Fields.whole(swaps, "count") > 0) {
        table.row(
            "  " + level,
            Fields.text(swaps, "count"),
            Durations.format(Fields.decimal(swaps, "p50Millis")),
            Durations.format(Fields.decimal(swaps, "p99Millis")),
            Durations.format(Fields.decimal(swaps, "maxMillis")));
      }
    }
    if (table.lines().size() > 1) {
      lines.addAll(table.lines());
    }
  }

  private static String size(JsonObject object, String field) {
    return Sizes.format(Fields.whole(object, field));
  }

  private static String ratio(JsonObject object, String field) {
    return String.format(Locale.ROOT, "%.2f×", Fields.decimal(object, field));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
