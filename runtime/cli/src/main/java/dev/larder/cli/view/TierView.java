package dev.larder.cli.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
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
            ">READ");
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
          String.format(Locale.ROOT, "%.0f MB/s", Fields.decimal(row, "bandwidthMBps")));
      if (!Fields.text(row, "reason").isEmpty()) {
        reasons.add(Fields.text(row, "name") + ": " + Fields.text(row, "reason"));
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(reasons);
    return lines;
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
}
