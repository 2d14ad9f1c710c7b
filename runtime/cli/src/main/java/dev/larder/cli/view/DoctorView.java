package dev.larder.cli.view;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the doctor says, for people. */
public final class DoctorView {
  private DoctorView() {}

  /** One paragraph for each finding, or a word that there is none. */
  public static List<String> findings(JsonElement findings) {
    List<String> lines = new ArrayList<>();
    for (JsonElement element : findings.getAsJsonArray()) {
      JsonObject finding = element.getAsJsonObject();
      lines.add(
          Fields.text(finding, "severity").toLowerCase(Locale.ROOT)
              + "  "
              + Fields.text(finding, "subject")
              + ": "
              + Fields.text(finding, "finding"));
      for (String part : List.of("reason", "advice", "example")) {
        String text = Fields.text(finding, part);
        if (!text.isEmpty()) {
          lines.add("  " + (part.equals("example") ? "  " : "") + text);
        }
      }
    }
    return lines.isEmpty() ? List.of("all is as it should be") : lines;
  }
}
