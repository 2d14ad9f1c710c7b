package dev.larder.cli.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Fields;
import dev.larder.cli.text.Table;
import java.util.List;
import java.util.Locale;

/** Policies and bundles for people. */
public final class PluginView {
  private PluginView() {}

  /** Policies, the deciding ones marked. */
  public static List<String> policies(JsonElement rows) {
    Table table = new Table("SERVICE", "NAME", "", "BUNDLE");
    for (JsonObject row : Fields.objects(rows)) {
      table.row(
          Fields.text(row, "service").toLowerCase(Locale.ROOT),
          Fields.text(row, "name"),
          Fields.flag(row, "active") ? "active" : "",
          Fields.text(row, "bundle"));
    }
    return table.lines();
  }

  /** What cache policies would have reached. */
  public static List<String> trials(JsonElement rows) {
    Table table = new Table("POLICY", "", ">ACCESSES", ">OBJECT HITS", ">BYTE HITS");
    for (JsonObject row : Fields.objects(rows)) {
      table.row(
          Fields.text(row, "policy"),
          Fields.flag(row, "active") ? "active" : "",
          String.valueOf(Fields.whole(row, "accesses")),
          percent(Fields.decimal(row, "objectHitRatio")),
          percent(Fields.decimal(row, "byteHitRatio")));
    }
    return table.lines();
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Bundles. */
  public static List<String> bundles(JsonElement rows) {
    Table table = new Table("BUNDLE", "VERSION", "STATE", "SIGNER");
    for (JsonObject row : Fields.objects(rows)) {
      table.row(
          Fields.text(row, "symbolicName"),
          Fields.text(row, "version"),
          Fields.text(row, "state").toLowerCase(Locale.ROOT),
          Fields.text(row, "signer"));
    }
    return table.lines();
  }
}
