package dev.larder.cli.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Fields;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tiers for people. */
public final class TierView {
  private TierView() {}

  /** A listing, and the reasons of tiers that cannot be used. */
  public static List<String> list(JsonElement rows) {
    Table table =
        new Table(
            "TIER",
            "ROLE",
            "STATE",
            "DRIVER",
            "MEDIUM",
            ">USED",
            ">CAPACITY",
            ">ARTIFACTS",
            ">LATENCY",
            ">READ",
            ">WRITE",
            ">FORCE",
            ">EXTENTS",
            "FIGURES",
            ">WRITTEN",
            ">LEFT TODAY");
    List<String> reasons = new ArrayList<>();
    for (JsonObject row : Fields.objects(rows)) {
      table.row(
          Fields.text(row, "name"),
          Fields.text(row, "role").toLowerCase(Locale.ROOT),
          Fields.text(row, "state").toLowerCase(Locale.ROOT),
          Fields.text(row, "driver"),
          Fields.text(row, "medium"),
          Sizes.format(Fields.whole(row, "usedBytes")),
          Sizes.format(Fields.whole(row, "capacityBytes")),
          Fields.text(row, "artifacts"),
          String.format(Locale.ROOT, "%.0f µs", Fields.decimal(row, "readLatencyMicros")),
          String.format(Locale.ROOT, "%.0f MB/s", Fields.decimal(row, "bandwidthMBps")),
          String.format(Locale.ROOT, "%.0f MB/s", Fields.decimal(row, "writeMBps")),
          force(Fields.decimal(row, "forceMicros")),
          Fields.text(row, "queueDepth") + " × " + Sizes.format(Fields.whole(row, "extentBytes")),
          Fields.flag(row, "measured") ? "measured" : "expected",
          Sizes.format(Fields.whole(row, "bytesWritten")),
          left(row));
      if (!Fields.text(row, "reason").isEmpty()) {
        reasons.add(Fields.text(row, "name") + ": " + Fields.text(row, "reason"));
      }
      if (!Fields.text(row, "findings").isEmpty()) {
        reasons.add(Fields.text(row, "name") + ": " + Fields.text(row, "findings"));
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(reasons);
    return lines;
  }

  /** What may still be written on the gateway's own account. */
  private static String left(JsonObject row) {
    if (!row.has("wear") || !row.getAsJsonObject("wear").has("availableBytes")) {
      return "-";
    }
    JsonElement left = row.getAsJsonObject("wear").get("availableBytes");
    return left.isJsonNull() ? "-" : Sizes.format(Math.max(0, left.getAsLong()));
  }

  private static String force(double micros) {
    return micros > 0 ? String.format(Locale.ROOT, "%.1f ms", micros / 1000) : "-";
  }

  /** A tier that was added. */
  public static String added(JsonObject tier) {
    return "added tier "
        + Fields.text(tier, "name")
        + " ("
        + Fields.text(tier, "medium")
        + ", driver "
        + Fields.text(tier, "driver")
        + ", "
        + Sizes.format(Fields.whole(tier, "capacityBytes"))
        + "): "
        + Fields.text(tier, "state").toLowerCase(Locale.ROOT);
  }

  /** A tier that was removed, with what can no longer be read. */
  public static List<String> removed(JsonObject removed, boolean forgotten) {
    List<String> lost = Fields.texts(removed, "lost");
    List<String> lines = new ArrayList<>();
    lines.add((forgotten ? "forgot tier " : "removed tier ") + Fields.text(removed, "name"));
    if (forgotten) {
      lines.add(Counts.of(lost.size(), "reference") + " can no longer be read");
      lost.forEach(reference -> lines.add("  " + reference));
    }
    return lines;
  }

  /** What an import did. */
  public static List<String> imported(JsonObject report) {
    List<String> lines = new ArrayList<>();
    List<JsonObject> renamed = Fields.objects(report, "renamed");
    List<String> elsewhere = Fields.texts(report, "elsewhere");
    lines.add(
        "imported tier "
            + Fields.text(report, "tier")
            + " of gateway "
            + Fields.text(report, "gateway")
            + ": "
            + Counts.of(Fields.whole(report, "artifacts"), "artifact")
            + " ("
            + Sizes.format(Fields.whole(report, "bytes"))
            + ") in "
            + Counts.of(Fields.whole(report, "blocks"), "block")
            + " checked");
    lines.add(
        Counts.of(Fields.texts(report, "references").size() + (long) renamed.size(), "reference")
            + " taken over, "
            + renamed.size()
            + " under another name, "
            + Fields.whole(report, "unchanged")
            + " here already");
    renamed.forEach(
        one -> lines.add("  " + Fields.text(one, "from") + " is " + Fields.text(one, "to")));
    elsewhere.forEach(name -> lines.add("  " + name + " is left out: it is on another volume"));
    return lines;
  }
}
