package dev.larder.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What was measured.
 *
 * @param size of the file, bytes
 * @param storedBytes of the file in the store
 * @param put how long it took to store it durably, nanoseconds
 * @param swaps cold swaps as the client saw them, request to answer
 * @param copies cold {@code cp} of the same file to tmpfs, as whole processes
 * @param ratios time of a swap over that of the copy beside it
 * @param resident swaps of what is in RAM, as the client saw them, a connection for each
 * @param inside the same as the gateway counted them: its {@code swaps.RAM}
 * @param way how the files were made cold
 * @param notes what could not be done or should be known
 */
record SwapReport(
    long size,
    long storedBytes,
    long put,
    Sample swaps,
    Sample copies,
    List<Double> ratios,
    Sample resident,
    JsonObject inside,
    PageCache.Way way,
    List<String> notes) {

  /** Median of the ratios. */
  double ratio() {
    List<Double> sorted = ratios.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  private double megabytesPerSecond(long nanos) {
    return size / 1e6 / (nanos / 1e9);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("size", size);
    json.addProperty("storedBytes", storedBytes);
    json.addProperty("cold", way.name());
    json.add("putMillis", Durations.millisOf(put));
    json.addProperty("putMBps", rounded(megabytesPerSecond(put), 1));
    json.add("swap", swaps.toJson());
    json.add("cp", copies.toJson());
    json.addProperty("ratio", rounded(ratio(), 3));
    JsonArray all = new JsonArray();
    for (double ratio : ratios) {
      all.add(rounded(ratio, 3));
    }
    json.add("ratios", all);
    json.add("resident", resident.toJson());
    json.add("residentInside", inside);
    JsonArray said = new JsonArray();
    notes.forEach(said::add);
    json.add("notes", said);
    return json;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "put "
            + Sizes.format(size)
            + ": "
            + Durations.format(put / 1e6)
            + ", "
            + rate(put)
            + "; stored "
            + Sizes.format(storedBytes));
    Table table = new Table("", ">RUNS", ">MIN", ">MEDIAN", ">MAX", ">RATE");
    String cold = way == PageCache.Way.WARM ? " (not cold)" : ", cold";
    row(table, "swap from the tier" + cold, swaps);
    row(table, "cp to tmpfs" + cold, copies);
    lines.addAll(table.lines());
    lines.add(
        String.format(Locale.ROOT, "swap / cp: %.2f (median of %d pairs)", ratio(), ratios.size()));
    lines.add(
        String.format(
            Locale.ROOT,
            "swap of a resident artifact, over HTTP: p50 %s, p99 %s; in the gateway: %s",
            Durations.format(resident.median() / 1e6),
            Durations.format(resident.quantile(0.99) / 1e6),
            inside));
    notes.forEach(note -> lines.add("note: " + note));
    return lines;
  }

  private void row(Table table, String name, Sample sample) {
    table.row(
        name,
        Integer.toString(ratios.size()),
        Durations.format(sample.min() / 1e6),
        Durations.format(sample.median() / 1e6),
        Durations.format(sample.max() / 1e6),
        rate(sample.median()));
  }

  private String rate(long nanos) {
    return String.format(Locale.ROOT, "%.0f MB/s", megabytesPerSecond(nanos));
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }
}
