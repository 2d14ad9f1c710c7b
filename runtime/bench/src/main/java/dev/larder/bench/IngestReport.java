package dev.larder.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What was measured.
 *
 * @param files how many were stored
 * @param size of all of them, bytes
 * @param rows one for each tool, the gateway's first
 * @param missing tools that could not be measured
 * @param notes what was left out
 */
record IngestReport(int files, long size, List<Row> rows, List<Missing> missing, List<String> notes)
    implements Output.Report {

  /**
   * How long it took, nanoseconds.
   *
   * @param wall from the start of the command to its end
   * @param sync from then until the file system had written what was left
   * @param cpu user and system time of all processes that took part
   */
  record Times(long wall, long sync, long cpu) {}

  /**
   * A tool.
   *
   * @param stored bytes that the file system has allocated for what it wrote
   */
  record Row(String tool, Times times, long stored) {}

  private double ratio(Row row) {
    return (double) size / row.stored();
  }

  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("files", files);
    json.addProperty("size", size);
    JsonArray tools = new JsonArray();
    rows.forEach(row -> tools.add(toJson(row)));
    json.add("tools", tools);
    json.add("missing", Missing.toJson(missing, "tool"));
    JsonArray said = new JsonArray();
    notes.forEach(said::add);
    json.add("notes", said);
    return json;
  }

  private JsonObject toJson(Row row) {
    JsonObject json = new JsonObject();
    json.addProperty("tool", row.tool());
    json.add("wallMillis", Durations.millisOf(row.times().wall()));
    json.add("syncMillis", Durations.millisOf(row.times().sync()));
    json.add("cpuMillis", Durations.millisOf(row.times().cpu()));
    json.addProperty("storedBytes", row.stored());
    json.addProperty("ratio", BigDecimal.valueOf(ratio(row)).setScale(3, RoundingMode.HALF_UP));
    return json;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(Counts.of(files, "file") + ", " + Sizes.format(size) + ", in the page cache");
    Table table = new Table("TOOL", ">WALL", ">SYNC", ">CPU", ">STORED", ">RATIO");
    for (Row row : rows) {
      table.row(
          row.tool(),
          time(row.times().wall()),
          time(row.times().sync()),
          time(row.times().cpu()),
          Sizes.format(row.stored()),
          ratioText(row));
    }
    lines.addAll(table.lines());
    missing.forEach(tool -> lines.add(tool.line()));
    notes.forEach(note -> lines.add("note: " + note));
    return lines;
  }

  private static String time(long nanos) {
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }

  private String ratioText(Row row) {
    return String.format(Locale.ROOT, "%.3f", ratio(row));
  }

  @Override
  public BarChart chart() {
    return new BarChart(
        Counts.of(files, "file") + ", " + Sizes.format(size) + ", stored by each tool",
        List.of(
            group(
                "bytes that the file system has allocated",
                Row::stored,
                row -> Sizes.format(row.stored()) + ", ratio " + ratioText(row)),
            timeGroup("wall time and sync", row -> row.times().wall() + row.times().sync()),
            timeGroup("CPU time", row -> row.times().cpu())));
  }

  private BarChart.Group timeGroup(String name, ToLongFunction<Row> nanos) {
    return group(name, nanos, row -> time(nanos.applyAsLong(row)));
  }

  private BarChart.Group group(String name, ToLongFunction<Row> value, Function<Row, String> text) {
    return new BarChart.Group(
        name,
        rows.stream()
            .map(row -> new BarChart.Bar(row.tool(), value.applyAsLong(row), text.apply(row)))
            .toList());
  }
}
