package dev.larder.bench;

import static dev.larder.bench.Grid.rate;
import static dev.larder.bench.Grid.time;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Sizes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What was measured.
 *
 * @param size of the file, bytes
 * @param storedBytes of the file in the store
 * @param put how long it took to store it durably, nanoseconds
 * @param swaps each cold swap as the client saw it, request to answer, nanoseconds
 * @param cpu of the gateway during each
 * @param copies cold {@code cp} of the same file to tmpfs beside each swap, as whole processes
 * @param others all tools that were measured, {@code cp} too
 * @param missing tools that could not be measured
 * @param resident swaps of what is in RAM
 * @param way how the files were made cold
 * @param notes what could not be done or should be known
 */
record SwapReport(
    long size,
    long storedBytes,
    long put,
    long[] swaps,
    Sample cpu,
    long[] copies,
    List<Restores.Row> others,
    List<Missing> missing,
    ResidentSwaps resident,
    PageCache.Way way,
    List<String> notes)
    implements Output.Report {

  /** A bar for disks from which cp brings less than this, and another one for faster ones. */
  private static final double SLOW_BYTES_PER_SECOND = 1e9;

  private static final double MOST_CPU = 3.5;
  private static final double LEAST_OF_DEDUPLICATING = 3;

  private List<Double> ratios() {
    return IntStream.range(0, swaps.length).mapToObj(i -> (double) swaps[i] / copies[i]).toList();
  }

  /** Median of the ratios of swaps to the copies beside them. */
  double ratio() {
    List<Double> sorted = ratios().stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  /** How many times as long a tool takes as a swap, by medians. */
  private double slower(Restores.Row other) {
    return (double) other.wall().median() / new Sample(swaps).median();
  }

  private double bytesPerSecond(long nanos) {
    return size / (nanos / 1e9);
  }

  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("size", size);
    json.addProperty("storedBytes", storedBytes);
    json.addProperty("cold", way.name());
    json.add("putMillis", Durations.millisOf(put));
    json.addProperty("putMBps", rounded(bytesPerSecond(put) / 1e6, 1));
    JsonObject swap = new Sample(swaps).toJson();
    swap.add("cpuMillis", Durations.millisOf(cpu.median()));
    json.add("swap", swap);
    json.add("cp", new Sample(copies).toJson());
    json.addProperty("ratio", rounded(ratio(), 3));
    JsonArray all = new JsonArray();
    ratios().forEach(ratio -> all.add(rounded(ratio, 3)));
    json.add("ratios", all);
    JsonArray tools = new JsonArray();
    others.forEach(other -> tools.add(toJson(other)));
    json.add("tools", tools);
    json.add("missing", Missing.toJson(missing, "tool"));
    resident.addTo(json);
    JsonArray said = new JsonArray();
    notes.forEach(said::add);
    json.add("notes", said);
    return json;
  }

  private JsonObject toJson(Restores.Row other) {
    JsonObject json = new JsonObject();
    json.addProperty("tool", other.name());
    other.wall().toJson().entrySet().forEach(e -> json.add(e.getKey(), e.getValue()));
    json.add("cpuMillis", Durations.millisOf(other.cpu().median()));
    json.addProperty("storedBytes", other.stored());
    json.addProperty("deduplicates", other.tool().deduplicates());
    json.addProperty("slowerThanSwap", rounded(slower(other), 3));
    return json;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    grids().forEach(grid -> lines.addAll(grid.lines()));
    lines.addAll(remarks());
    return lines;
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    missing.forEach(tool -> remarks.add(tool.line()));
    notes.forEach(note -> remarks.add("note: " + note));
    return remarks;
  }

  @Override
  public List<Grid> grids() {
    Grid tools =
        new Grid(
            "put "
                + Sizes.format(size)
                + ": "
                + time(put)
                + ", "
                + rate(bytesPerSecond(put))
                + "; stored "
                + Sizes.format(storedBytes),
            "TO TMPFS",
            ">RUNS",
            ">MIN",
            ">MEDIAN",
            ">MAX",
            ">RATE",
            ">CPU",
            ">STORED");
    String cold = way == PageCache.Way.WARM ? " (not cold)" : ", cold";
    row(tools, "swap from the tier" + cold, new Sample(swaps), cpu, storedBytes);
    for (Restores.Row other : others) {
      row(tools, other.name() + cold, other.wall(), other.cpu(), other.stored());
    }
    return List.of(tools, bars());
  }

  private void row(Grid table, String name, Sample wall, Sample cpu, long stored) {
    table.row(
        name,
        Integer.toString(wall.count()),
        time(wall.min()),
        time(wall.median()),
        time(wall.max()),
        rate(bytesPerSecond(wall.median())),
        time(cpu.median()),
        Sizes.format(stored));
  }

  private Grid bars() {
    Grid bars = Grid.ofBars("what it should be");
    boolean slow = bytesPerSecond(new Sample(copies).median()) < SLOW_BYTES_PER_SECOND;
    double most = slow ? 0.9 : 1.1;
    bars.bar(
        "swap / cp, median of the pairs, cp " + (slow ? "below" : "above") + " 1 GB/s",
        ratio(ratio()),
        "≤ " + most,
        ratio() <= most);
    fastest(other -> other.name().startsWith("dd "))
        .filter(dd -> dd.cpu().median() > 0)
        .ifPresent(
            dd -> {
              double times = (double) cpu.median() / dd.cpu().median();
              bars.bar("CPU of a swap / of dd", ratio(times), "≤ 3.5", times <= MOST_CPU);
            });
    fastest(other -> !other.tool().isPlain())
        .ifPresent(
            other ->
                bars.bar(
                    "the fastest that stores it in a form of its own, " + other.name() + " / swap",
                    ratio(slower(other)),
                    "> 1",
                    slower(other) > 1));
    fastest(other -> other.tool().deduplicates())
        .ifPresent(
            other ->
                bars.bar(
                    "the fastest that deduplicates, " + other.name() + " / swap",
                    ratio(slower(other)),
                    "≥ 3",
                    slower(other) >= LEAST_OF_DEDUPLICATING));
    resident.addTo(bars);
    return bars;
  }

  private Optional<Restores.Row> fastest(Predicate<Restores.Row> which) {
    return others.stream().filter(which).min(Comparator.comparing(row -> row.wall().median()));
  }

  @Override
  public BarChart chart() {
    List<BarChart.Bar> wall = new ArrayList<>();
    List<BarChart.Bar> used = new ArrayList<>();
    wall.add(bar("swap", new Sample(swaps).median()));
    used.add(bar("swap", cpu.median()));
    for (Restores.Row other : others) {
      wall.add(bar(other.name(), other.wall().median()));
      used.add(bar(other.name(), other.cpu().median()));
    }
    List<BarChart.Bar> each = new ArrayList<>();
    for (int i = 0; i < swaps.length; i++) {
      each.add(bar("swap " + (i + 1), swaps[i]));
      each.add(bar("cp " + (i + 1), copies[i]));
    }
    return new BarChart(
        Sizes.format(size) + " of bf16 weights to tmpfs, by each tool",
        List.of(
            new BarChart.Group("wall time, median", wall),
            new BarChart.Group("CPU time, median", used),
            new BarChart.Group("wall time of each pair", each)));
  }

  private static BarChart.Bar bar(String label, long nanos) {
    return new BarChart.Bar(label, nanos, time(nanos));
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }
}
