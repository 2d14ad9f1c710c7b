package dev.larder.cli.view;

import com.google.gson.JsonObject;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Fields;
import dev.larder.cli.text.Sizes;
import java.util.ArrayList;
import java.util.List;

/** What maintenance did, for people. */
public final class MaintenanceView {
  private MaintenanceView() {}

  /** A collection. */
  public static List<String> gc(JsonObject gc) {
    return List.of(
        "freed "
            + Sizes.format(Fields.whole(gc, "reclaimedBytes"))
            + ": "
            + Counts.of(Fields.whole(gc, "artifacts"), "artifact")
            + ", "
            + Counts.of(Fields.whole(gc, "blocks"), "block")
            + ", "
            + Counts.of(Fields.whole(gc, "packs"), "pack")
            + "; moved "
            + Sizes.format(Fields.whole(gc, "rewrittenBytes")));
  }

  /** A repair. */
  public static List<String> repair(JsonObject repair) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Counts.of(Fields.whole(repair, "damaged"), "damaged artifact")
            + ", "
            + Fields.whole(repair, "repaired")
            + " repaired; "
            + Counts.of(Fields.whole(repair, "quarantinedPacks"), "pack")
            + " kept aside, "
            + Sizes.format(Fields.whole(repair, "reclaimedBytes"))
            + " given back");
    lines.addAll(Fields.texts(repair, "findings"));
    return lines;
  }

  /** A rebalance. */
  public static List<String> rebalance(JsonObject moved) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "moved up "
            + Counts.of(Fields.whole(moved, "promoted"), "artifact")
            + " ("
            + Sizes.format(Fields.whole(moved, "promotedBytes"))
            + "), down "
            + Fields.whole(moved, "demoted")
            + " ("
            + Sizes.format(Fields.whole(moved, "demotedBytes"))
            + ")");
    Fields.texts(moved, "heldBack")
        .forEach(tier -> lines.add("tier " + tier + ": its budget of writes is used up"));
    return lines;
  }

  /** A scrub. */
  public static List<String> scrub(JsonObject scrub) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "checked "
            + Counts.of(Fields.whole(scrub, "blocks"), "block")
            + " ("
            + Sizes.format(Fields.whole(scrub, "bytes"))
            + "): "
            + Fields.whole(scrub, "bad")
            + " bad, "
            + Fields.whole(scrub, "repaired")
            + " repaired");
    lines.addAll(Fields.texts(scrub, "findings"));
    return lines;
  }
}
