package dev.larder.bench;

import static dev.larder.bench.Grid.rate;
import static dev.larder.bench.Grid.time;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Sizes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param size of the model, bytes
 * @param media one for each folder
 * @param missing folders that could not be measured
 */
record MediaReport(long size, List<Medium> media, List<Missing> missing) implements Output.Report {
  /** What media that are slower than a processor decodes have to be used for, of their rate. */
  private static final double LEAST_SHARE = 0.9;

  /** Of a medium for which that holds. */
  private static final double SLOW_BYTES_PER_SECOND = 400e6;

  private static final double MOST_READ = 1.05;
  private static final long MOST_MEMORY = 200 << 20;

  /**
   * A medium.
   *
   * @param folder as it was given
   * @param driver of the tier on it
   * @param kind what the driver says of it
   * @param stored bytes of the model's stored form
   * @param put how long it took to store it durably, nanoseconds
   * @param protocol reads of small artifacts, if they were measured
   * @param modelMemory the gateway's VmRSS − RssShmem at its highest before the small artifacts,
   *     bytes
   * @param memory the same to the end
   */
  record Medium(
      String folder,
      String driver,
      String kind,
      long stored,
      long put,
      Cold cold,
      Sibling sibling,
      ResidentSwaps resident,
      ProtocolReads.@Nullable Result protocol,
      long modelMemory,
      long memory) {

    /** Bytes of the stored form in a second: what the mean swap makes of the medium. */
    double swapRate() {
      return stored / (mean(cold.swaps()) / 1e9);
    }

    /** The same of the plain reads. */
    double readRate() {
      return stored / (mean(cold.reads()) / 1e9);
    }

    double share() {
      return swapRate() / readRate();
    }
  }

  /**
   * Swaps from the medium, and reads of a plain file of as many bytes as are stored.
   *
   * @param swaps each run, nanoseconds
   * @param reads each run, nanoseconds
   * @param bytesRead by a swap
   * @param direct whether the reads passed by the page cache
   * @param way how the volume's files were made cold
   */
  record Cold(long[] swaps, long[] reads, long bytesRead, boolean direct, PageCache.Way way) {}

  /**
   * A swap to a sibling of a resident model.
   *
   * @param changed share of its tensors that differ, by bytes
   * @param stored bytes that its put stored
   * @param read bytes that the swap read
   * @param reused bytes that it copied from the resident model
   * @param nanos how long it took
   */
  record Sibling(double changed, long stored, long read, long reused, long nanos) {
    double ratio() {
      return (double) read / stored;
    }
  }

  private static double mean(long[] nanos) {
    return LongStream.of(nanos).average().orElseThrow();
  }

  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("size", size);
    JsonArray all = new JsonArray();
    media.forEach(medium -> all.add(toJson(medium)));
    json.add("media", all);
    json.add("missing", Missing.toJson(missing, "folder"));
    JsonArray notes = new JsonArray();
    notes().forEach(notes::add);
    json.add("notes", notes);
    return json;
  }

  private static JsonObject toJson(Medium medium) {
    JsonObject json = new JsonObject();
    json.addProperty("folder", medium.folder());
    json.addProperty("driver", medium.driver());
    json.addProperty("medium", medium.kind());
    json.addProperty("storedBytes", medium.stored());
    json.add("putMillis", Durations.millisOf(medium.put()));
    json.addProperty("cold", medium.cold().way().name());
    json.add("swap", times(medium.cold().swaps()));
    json.add("read", times(medium.cold().reads()));
    json.addProperty("direct", medium.cold().direct());
    json.addProperty("bytesRead", medium.cold().bytesRead());
    json.addProperty("swapMBps", rounded(medium.swapRate() / 1e6, 1));
    json.addProperty("readMBps", rounded(medium.readRate() / 1e6, 1));
    json.addProperty("share", rounded(medium.share(), 3));
    JsonObject sibling = new JsonObject();
    sibling.addProperty("changed", rounded(medium.sibling().changed(), 3));
    sibling.addProperty("storedBytes", medium.sibling().stored());
    sibling.addProperty("bytesRead", medium.sibling().read());
    sibling.addProperty("bytesReused", medium.sibling().reused());
    sibling.addProperty("ratio", rounded(medium.sibling().ratio(), 3));
    sibling.add("millis", Durations.millisOf(medium.sibling().nanos()));
    json.add("sibling", sibling);
    medium.resident().addTo(json);
    ProtocolReads.Result reads = medium.protocol();
    if (reads != null) {
      json.add("protocol", reads.toJson());
    }
    json.addProperty("modelMemoryBytes", medium.modelMemory());
    json.addProperty("memoryBytes", medium.memory());
    return json;
  }

  private static JsonObject times(long[] nanos) {
    JsonObject json = new Sample(nanos).toJson();
    json.add("meanMillis", Durations.millisOf((long) mean(nanos)));
    JsonArray all = new JsonArray();
    LongStream.of(nanos).forEach(n -> all.add(Durations.millisOf(n)));
    json.add("allMillis", all);
    return json;
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    grids().forEach(grid -> lines.addAll(grid.lines()));
    lines.addAll(remarks());
    return lines;
  }

  @Override
  public List<Grid> grids() {
    return media.stream().map(this::grid).toList();
  }

  @Override
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    missing.forEach(one -> remarks.add(one.line()));
    notes().forEach(note -> remarks.add("note: " + note));
    return remarks;
  }

  private Grid grid(Medium medium) {
    Grid grid = Grid.ofBars(title(medium));
    grid.row("put", time(medium.put()) + ", " + rate(size / (medium.put() / 1e9)), "", "");
    long[] swaps = medium.cold().swaps();
    grid.row(
        "cold swap, " + Counts.of(swaps.length, "run"),
        "mean " + time((long) mean(swaps)) + ", worst " + time(new Sample(swaps).max()),
        "",
        "");
    grid.row(
        "bytes read by it / stored", ratio(medium.cold().bytesRead(), medium.stored()), "", "");
    String what = "stored bytes a second, by swaps / by plain reads";
    String seen =
        String.format(
            Locale.ROOT,
            "%s / %s: %.1f %%",
            rate(medium.swapRate()),
            rate(medium.readRate()),
            100 * medium.share());
    if (medium.readRate() < SLOW_BYTES_PER_SECOND) {
      grid.bar(what, seen, "≥ 90 %", medium.share() >= LEAST_SHARE);
    } else {
      grid.row(what, seen, "", "");
    }
    Sibling sibling = medium.sibling();
    grid.bar(
        "sibling of what is resident: bytes read / bytes that its put stored",
        String.format(
            Locale.ROOT,
            "%s, %s, %.0f %% changed",
            ratio(sibling.read(), sibling.stored()),
            time(sibling.nanos()),
            100 * sibling.changed()),
        "≤ 1.05",
        sibling.ratio() <= MOST_READ);
    medium.resident().addTo(grid);
    ProtocolReads.Result protocol = medium.protocol();
    if (protocol != null) {
      protocol.addTo(grid);
    }
    grid.bar(
        "VmRSS − RssShmem with models, in all",
        Sizes.format(medium.modelMemory()) + ", " + Sizes.format(medium.memory()),
        "≤ 200 MiB",
        medium.memory() <= MOST_MEMORY);
    return grid;
  }

  private String title(Medium medium) {
    return medium.folder()
        + ": "
        + medium.kind()
        + ", driver "
        + medium.driver()
        + "; "
        + Sizes.format(size)
        + " of bf16 weights, stored "
        + Sizes.format(medium.stored());
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Medium medium : media) {
      switch (medium.cold().way()) {
        case DROPPED -> {}
        case ADVISED ->
            notes.add(
                medium.folder()
                    + ": not root: the kernel was asked to let go of the files' pages, which it may"
                    + " decline");
        case WARM ->
            notes.add(
                medium.folder()
                    + ": not root: the page cache could not be dropped, nothing was cold");
      }
      if (!medium.cold().direct()) {
        notes.add(medium.folder() + ": plain reads go through the page cache, which was dropped");
      }
    }
    return notes;
  }

  private static String ratio(long bytes, long of) {
    return String.format(Locale.ROOT, "%.3f", (double) bytes / of);
  }

  @Override
  public BarChart chart() {
    List<BarChart.Group> groups = new ArrayList<>();
    for (Medium medium : media) {
      groups.add(
          new BarChart.Group(
              medium.folder() + ": stored bytes a second",
              List.of(
                  new BarChart.Bar("plain reads", medium.readRate(), rate(medium.readRate())),
                  new BarChart.Bar("swaps", medium.swapRate(), rate(medium.swapRate())))));
      List<BarChart.Bar> bars = new ArrayList<>();
      long[] swaps = medium.cold().swaps();
      for (int i = 0; i < swaps.length; i++) {
        bars.add(new BarChart.Bar("swap " + (i + 1), swaps[i], time(swaps[i])));
      }
      groups.add(new BarChart.Group(medium.folder() + ": time of each cold swap", bars));
    }
    return new BarChart(Sizes.format(size) + " of bf16 weights on each medium", groups);
  }
}
