package dev.larder.cli.view;

import com.google.gson.JsonObject;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the gateway is, for people. */
public final class HealthView {
  private HealthView() {}

  /** Where it runs and how it is. */
  public static List<String> status(JsonObject health, Path home) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "larder "
            + Fields.text(health, "version")
            + " is ready at "
            + Fields.text(health, "url")
            + " (process "
            + Fields.text(health, "pid")
            + ", up "
            + Durations.format(Fields.decimal(health, "uptimeMillis"))
            + ")");
    lines.add("home " + home);
    lines.addAll(findings(health));
    return lines;
  }

  /** The findings, or a word that there are none. */
  public static List<String> findings(JsonObject health) {
    List<String> lines = new ArrayList<>();
    for (JsonObject finding : Fields.objects(health, "health")) {
      String advice = Fields.text(finding, "advice");
      lines.add(
          Fields.text(finding, "severity").toLowerCase(Locale.ROOT)
              + "  "
              + Fields.text(finding, "subject")
              + ": "
              + Fields.text(finding, "finding")
              + (advice.isEmpty() ? "" : "; " + advice));
    }
    return lines.isEmpty() ? List.of("all is well") : lines;
  }
}
