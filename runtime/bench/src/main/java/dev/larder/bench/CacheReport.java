package dev.larder.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.bench.cache.Objective;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What caches reached on traces.
 *
 * @param objective what was to be saved
 * @param rows by trace, then fraction, then policy
 */
record CacheReport(Objective objective, List<Row> rows) implements Output.Report {

  /**
   * One cache on one trace.
   *
   * @param fraction its size as a part of the trace's footprint
   * @param objectHitRatio 0 to 1
   * @param byteHitRatio 0 to 1
   * @param nanosPerAccess 0 for the bound, which is no cache
   */
  record Row(
      String trace,
      String policy,
      double fraction,
      double objectHitRatio,
      double byteHitRatio,
      double nanosPerAccess) {

    /** Mean of both ratios. */
    double joint() {
      return (objectHitRatio + byteHitRatio) / 2;
    }
  }

  @Override
  public JsonArray toJson() {
    JsonArray all = new JsonArray();
    for (Row row : rows) {
      JsonObject json = new JsonObject();
      json.addProperty("trace", row.trace());
      json.addProperty("policy", row.policy());
      json.addProperty("fraction", row.fraction());
      json.addProperty("objectHitRatio", rounded(row.objectHitRatio(), 5));
      json.addProperty("byteHitRatio", rounded(row.byteHitRatio(), 5));
      if (row.nanosPerAccess() > 0) {
        json.addProperty("nanosPerAccess", rounded(row.nanosPerAccess(), 1));
      }
      all.add(json);
    }
    return all;
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Grid grid : grids()) {
      lines.addAll(grid.lines());
      lines.add("");
    }
    lines.addAll(remarks());
    return lines;
  }

  @Override
  public List<Grid> grids() {
    List<Grid> grids = new ArrayList<>();
    List<String> traces = rows.stream().map(Row::trace).distinct().toList();
    for (String trace : traces) {
      grids.add(grid(trace, row -> row.trace().equals(trace)));
    }
    if (traces.size() > 1) {
      grids.add(grid("mean of " + traces.size() + " traces", row -> true));
    }
    return grids;
  }

  /** Hit ratios by policy, two columns for each fraction. */
  private Grid grid(String title, Predicate<Row> which) {
    List<String> headings = new ArrayList<>(List.of("POLICY"));
    for (double fraction : fractions()) {
      String percent = percent(fraction);
      headings.addAll(List.of(">OBJECTS " + percent, ">BYTES " + percent));
    }
    headings.add(">NS/ACCESS");
    Grid grid = new Grid(title, headings, new ArrayList<>());
    for (String policy : policies()) {
      Predicate<Row> ofPolicy = which.and(row -> row.policy().equals(policy));
      List<String> cells = new ArrayList<>(List.of(policy));
      for (double fraction : fractions()) {
        Predicate<Row> here = ofPolicy.and(row -> row.fraction() == fraction);
        cells.add(ratio(mean(here, Row::objectHitRatio)));
        cells.add(ratio(mean(here, Row::byteHitRatio)));
      }
      double nanos = mean(ofPolicy, Row::nanosPerAccess);
      cells.add(nanos == 0 ? "-" : String.format(Locale.ROOT, "%.0f", nanos));
      grid.rows().add(cells);
    }
    return grid;
  }

  private List<Double> fractions() {
    return rows.stream().map(Row::fraction).distinct().toList();
  }

  private List<String> policies() {
    return rows.stream().map(Row::policy).distinct().toList();
  }

  private double mean(Predicate<Row> which, ToDoubleFunction<Row> value) {
    return rows.stream().filter(which).mapToDouble(value).average().orElse(0);
  }

  private static String percent(double fraction) {
    return BigDecimal.valueOf(fraction * 100)
            .setScale(3, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    for (String policy : policies()) {
      Predicate<Row> which = row -> row.policy().equals(policy);
      remarks.add(
          String.format(
              Locale.ROOT,
              "%s, mean of all: objects %.4f, bytes %.4f, joint %.4f",
              policy,
              mean(which, Row::objectHitRatio),
              mean(which, Row::byteHitRatio),
              mean(which, Row::joint)));
    }
    remarks.add(
        "Policies of ours, exact-gdsf and the bound go for the objective "
            + objective.label()
            + "; the others have none.");
    return remarks;
  }

  @Override
  public BarChart chart() {
    List<BarChart.Group> groups = new ArrayList<>();
    for (double fraction : fractions()) {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (String policy : policies()) {
        double value =
            mean(
                row -> row.policy().equals(policy) && row.fraction() == fraction, this::measuredBy);
        bars.add(new BarChart.Bar(policy, value, ratio(value)));
      }
      groups.add(new BarChart.Group("cache of " + percent(fraction) + " of the footprint", bars));
    }
    return new BarChart("Hit ratio of caches: " + what(), groups);
  }

  private double measuredBy(Row row) {
    return switch (objective) {
      case OHR -> row.objectHitRatio();
      case BHR -> row.byteHitRatio();
      case JOINT, SECONDS -> row.joint();
    };
  }

  private String what() {
    return switch (objective) {
      case OHR -> "objects";
      case BHR -> "bytes";
      case JOINT, SECONDS -> "mean of objects and bytes";
    };
  }
}
