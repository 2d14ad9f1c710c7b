package dev.larder.cli.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Fields;
import dev.larder.cli.text.Table;
import java.util.List;

/** The RAM cache for people. */
public final class CacheView {
  private CacheView() {}

  /** Leases. */
  public static List<String> leases(JsonElement rows) {
    Table table = new Table("LEASE", "REFERENCE", ">REMAINING", ">PID", "DIGEST");
    for (JsonObject row : Fields.objects(rows)) {
      table.row(
          Fields.text(row, "id"),
          Fields.text(row, "reference"),
          Fields.has(row, "remainingMillis")
              ? Durations.format(Fields.decimal(row, "remainingMillis"))
              : "pinned",
          Fields.text(row, "pid"),
          ArtifactView.shortDigest(Fields.text(row, "digest")));
    }
    return table.lines();
  }
}
