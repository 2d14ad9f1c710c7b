package dev.larder.cli.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Fields;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Artifacts and references for people. */
public final class ArtifactView {
  private static final int SHORT_DIGEST = 12;

  private ArtifactView() {}

  /** What a put did. */
  public static List<String> put(JsonObject put) {
    long size = Fields.whole(put, "size");
    long newBlocks = Fields.whole(put, "newBlocks");
    long blocks = Fields.whole(put, "totalBlocks");
    return List.of(
        Fields.text(put, "reference") + "  " + Fields.text(put, "digest"),
        "  "
            + Sizes.format(size)
            + " on "
            + Fields.text(put, "tier")
            + ": "
            + newBlocks
            + " of "
            + blocks
            + (blocks == 1 ? " block new, " : " blocks new, ")
            + Sizes.format(Fields.whole(put, "storedBytes"))
            + " written, "
            + Durations.format(Fields.decimal(put, "millis")));
  }

  /** What a put of many did. */
  public static List<String> putAll(JsonElement puts) {
    Table table = new Table("REFERENCE", ">SIZE", ">WRITTEN", ">NEW", ">BLOCKS", "TIER");
    long size = 0;
    long stored = 0;
    List<JsonObject> rows = Fields.objects(puts);
    for (JsonObject put : rows) {
      size += Fields.whole(put, "size");
      stored += Fields.whole(put, "storedBytes");
      table.row(
          Fields.text(put, "reference"),
          Sizes.format(Fields.whole(put, "size")),
          Sizes.format(Fields.whole(put, "storedBytes")),
          Fields.text(put, "newBlocks"),
          Fields.text(put, "totalBlocks"),
          Fields.text(put, "tier"));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add(
        Counts.of(rows.size(), "artifact")
            + ", "
            + Sizes.format(size)
            + ", "
            + Sizes.format(stored)
            + " written");
    return lines;
  }

  /** What a get did. */
  public static String got(String reference, JsonObject got) {
    return reference
        + "  "
        + Sizes.format(Fields.whole(got, "size"))
        + " in "
        + Durations.format(Fields.decimal(got, "millis"))
        + " to "
        + Fields.text(got, "path");
  }

  /** Tiers that hold it, those that are away in brackets. */
  private static String places(List<String> tiers, List<String> away) {
    List<String> places = new ArrayList<>(tiers);
    away.forEach(tier -> places.add("(" + tier + ")"));
    return places.isEmpty() ? "(absent)" : String.join(",", places);
  }

  /** A listing. */
  public static List<String> list(JsonElement rows) {
    Table table = new Table("REFERENCE", "KIND", ">SIZE", "TIERS", "DIGEST", "SINCE");
    for (JsonObject row : Fields.objects(rows)) {
      List<String> tiers = Fields.texts(row, "tiers");
      table.row(
          Fields.text(row, "reference"),
          kind(row),
          Sizes.format(Fields.whole(row, "size")),
          places(tiers, Fields.texts(row, "away")),
          shortDigest(Fields.text(row, "digest")),
          instant(Fields.text(row, "since")));
    }
    return table.lines();
  }

  /** What a reference stands for. */
  public static String standsFor(JsonObject row) {
    return Fields.text(row, "reference")
        + "  "
        + Fields.text(row, "digest")
        + "  "
        + Sizes.format(Fields.whole(row, "size"));
  }

  /** All about a reference. */
  public static List<String> show(JsonObject show) {
    List<String> lines = new ArrayList<>();
    lines.add("reference    " + Fields.text(show, "reference"));
    lines.add("digest       " + Fields.text(show, "digest"));
    lines.add("size         " + exact(Fields.whole(show, "size")));
    lines.add("kind         " + kind(show));
    lines.add("temperature  " + Fields.text(show, "temperature").toLowerCase(Locale.ROOT));
    lines.add(
        "blocks       " + Fields.text(show, "blocks") + " by " + Fields.text(show, "chunker"));
    lines.add("reclaimable  " + exact(Fields.whole(show, "reclaimableBytes")));
    lines.add("replicas");
    Table replicas = new Table("  TIER", "ROLE", ">STORED");
    for (JsonObject replica : Fields.objects(show, "replicas")) {
      replicas.row(
          "  " + Fields.text(replica, "tier"),
          Fields.text(replica, "role").toLowerCase(Locale.ROOT),
          Sizes.format(Fields.whole(replica, "storedBytes")));
    }
    lines.addAll(replicas.lines());
    lines.add("history");
    Table history = new Table("  SINCE", "DIGEST", "");
    for (JsonObject entry : Fields.objects(show, "history")) {
      history.row(
          "  " + instant(Fields.text(entry, "since")),
          shortDigest(Fields.text(entry, "digest")),
          Fields.flag(entry, "current") ? "current" : "");
    }
    lines.addAll(history.lines());
    return lines;
  }

  private static String exact(long bytes) {
    return bytes < 1024 ? bytes + " B" : Sizes.format(bytes) + " (" + bytes + " B)";
  }

  static String kind(JsonObject row) {
    return Fields.text(row, "kind").equals("PROTOCOL_DATA") ? "protocol" : "model";
  }

  static String shortDigest(String digest) {
    return digest.length() > SHORT_DIGEST ? digest.substring(0, SHORT_DIGEST) : digest;
  }

  /** {@code 2026-01-31T10:20:30.123Z} to {@code 2026-01-31 10:20:30Z}. */
  static String instant(String iso) {
    return iso.length() < 20 ? iso : iso.substring(0, 19).replace('T', ' ') + "Z";
  }
}
