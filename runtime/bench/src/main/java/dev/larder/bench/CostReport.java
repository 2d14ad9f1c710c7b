package dev.larder.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What accesses cost.
 *
 * @param rows by number of threads; the first of each is what the others are compared with
 */
record CostReport(List<Row> rows) implements Output.Report {

  /**
   * One cache.
   *
   * @param nanos CPU time of an access, of all threads together
   * @param hitRatio of objects
   */
  record Row(String policy, int threads, double nanos, double hitRatio) {}

  private double times(Row row) {
    return row.nanos()
        / rows.stream()
            .filter(other -> other.threads() == row.threads())
            .findFirst()
            .orElseThrow()
            .nanos();
  }

  @Override
  public JsonArray toJson() {
    JsonArray all = new JsonArray();
    for (Row row : rows) {
      JsonObject json = new JsonObject();
      json.addProperty("policy", row.policy());
      json.addProperty("threads", row.threads());
      json.addProperty("nanosPerAccess", Math.round(row.nanos() * 10) / 10.0);
      json.addProperty("times", Math.round(times(row) * 1000) / 1000.0);
      json.addProperty("objectHitRatio", Math.round(row.hitRatio() * 1e5) / 1e5);
      all.add(json);
    }
    return all;
  }

  @Override
  public List<String> lines() {
    return grids().get(0).lines();
  }

  @Override
  public List<Grid> grids() {
    Grid grid =
        new Grid(
            "CPU time of an access at about 10,000 residents",
            "CACHE",
            ">THREADS",
            ">NS",
            ">TIMES",
            ">HIT RATIO");
    for (Row row : rows) {
      grid.row(
          row.policy(),
          Integer.toString(row.threads()),
          String.format(Locale.ROOT, "%.0f", row.nanos()),
          String.format(Locale.ROOT, "%.2f", times(row)),
          String.format(Locale.ROOT, "%.3f", row.hitRatio()));
    }
    return List.of(grid);
  }

  @Override
  public BarChart chart() {
    List<BarChart.Group> groups = new ArrayList<>();
    for (int threads : rows.stream().mapToInt(Row::threads).distinct().toArray()) {
      groups.add(
          new BarChart.Group(
              threads + (threads == 1 ? " thread" : " threads"),
              rows.stream()
                  .filter(row -> row.threads() == threads)
                  .map(
                      row ->
                          new BarChart.Bar(
                              row.policy(),
                              row.nanos(),
                              String.format(Locale.ROOT, "%.0f ns", row.nanos())))
                  .toList()));
    }
    return new BarChart("CPU time of an access", groups);
  }
}
