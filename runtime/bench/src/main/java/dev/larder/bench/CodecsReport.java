package dev.larder.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Sizes;
import dev.larder.cli.text.Table;
import dev.larder.spi.codec.Codec.Effort;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was measured.
 *
 * @param kinds of data, in the order of the rows
 * @param rows one for each kind, chunker, codec and effort
 * @param notes what was left out
 */
record CodecsReport(List<Kind> kinds, List<Row> rows, List<String> notes) implements Output.Report {
  private static final String UNKNOWN = "-";

  /**
   * Data of one kind.
   *
   * @param name of the kind
   * @param files how many there are
   * @param bytes of all of them
   * @param measured bytes of these that were measured
   * @param chosen how many of the measured ones a gateway would cut with which chunker
   */
  record Kind(String name, int files, long bytes, long measured, Map<String, Integer> chosen) {
    private String heading() {
      StringBuilder line = new StringBuilder(name + ": " + Counts.of(files, "file") + ", ");
      line.append(Sizes.format(bytes)).append("; a gateway cuts ");
      String separator = "";
      for (Map.Entry<String, Integer> choice : chosen.entrySet()) {
        line.append(separator).append(choice.getValue()).append(" with ").append(choice.getKey());
        separator = ", ";
      }
      return line.toString();
    }
  }

  /**
   * One codec on the blocks of one chunker.
   *
   * @param bytes that were measured
   * @param uniqueBytes of the different blocks
   * @param result of the trial with these
   */
  record Row(
      String kind,
      String chunker,
      String codec,
      Effort effort,
      long bytes,
      long uniqueBytes,
      CodecTrial.Result result) {

    /** What finding equal blocks alone gives. */
    double dedup() {
      return (double) bytes / uniqueBytes;
    }

    /** What the codec alone gives. */
    double codecRatio() {
      return (double) uniqueBytes / result.encodedBytes();
    }

    /** Both together. */
    double ratio() {
      return (double) bytes / result.encodedBytes();
    }

    /** Plain bytes; not there without a codec. */
    Optional<Double> encodeRate() {
      return result.encodeNanos() == 0 ? Optional.empty() : Optional.of(rate(result.encodeNanos()));
    }

    double decodeRate() {
      return rate(result.decodeNanos());
    }

    private double rate(long nanos) {
      return uniqueBytes / 1e6 / (nanos / 1e9);
    }
  }

  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray ofKinds = new JsonArray();
    kinds.forEach(kind -> ofKinds.add(toJson(kind)));
    json.add("kinds", ofKinds);
    JsonArray ofRows = new JsonArray();
    rows.forEach(row -> ofRows.add(toJson(row)));
    json.add("rows", ofRows);
    JsonArray said = new JsonArray();
    notes.forEach(said::add);
    json.add("notes", said);
    return json;
  }

  private static JsonObject toJson(Kind kind) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", kind.name());
    json.addProperty("files", kind.files());
    json.addProperty("bytes", kind.bytes());
    json.addProperty("measuredBytes", kind.measured());
    JsonObject chosen = new JsonObject();
    kind.chosen().forEach(chosen::addProperty);
    json.add("chunkers", chosen);
    return json;
  }

  private static JsonObject toJson(Row row) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", row.kind());
    json.addProperty("chunker", row.chunker());
    json.addProperty("codec", row.codec());
    json.addProperty("effort", row.effort().name());
    json.addProperty("bytes", row.bytes());
    json.addProperty("uniqueBytes", row.uniqueBytes());
    json.addProperty("encodedBytes", row.result().encodedBytes());
    json.addProperty("dedup", rounded(row.dedup(), 3));
    json.addProperty("codecRatio", rounded(row.codecRatio(), 3));
    json.addProperty("ratio", rounded(row.ratio(), 3));
    row.encodeRate().ifPresent(rate -> json.addProperty("encodeMBps", rounded(rate, 1)));
    json.addProperty("decodeMBps", rounded(row.decodeRate(), 1));
    return json;
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "RATIO = DEDUP x CODEC; plain MB per second of one thread's CPU time; -H: with high effort");
    for (Kind kind : kinds) {
      lines.add("");
      lines.add(kind.heading());
      Table table =
          new Table(
              "CHUNKER",
              "CODEC",
              ">DEDUP",
              ">CODEC",
              ">RATIO",
              ">ENCODE",
              ">DECODE",
              ">RATIO-H",
              ">ENCODE-H",
              ">DECODE-H");
      of(kind, Effort.NORMAL).forEach(row -> table.row(cells(row)));
      lines.addAll(table.lines());
    }
    if (!notes.isEmpty()) {
      lines.add("");
      notes.forEach(note -> lines.add("note: " + note));
    }
    return lines;
  }

  private Stream<Row> of(Kind kind, Effort effort) {
    return rows.stream().filter(row -> row.kind().equals(kind.name()) && row.effort() == effort);
  }

  private String[] cells(Row row) {
    Optional<Row> high =
        rows.stream()
            .filter(
                other ->
                    other.effort() == Effort.HIGH
                        && other.kind().equals(row.kind())
                        && other.chunker().equals(row.chunker())
                        && other.codec().equals(row.codec()))
            .findFirst();
    return new String[] {
      row.chunker(),
      row.codec(),
      ratio(row.dedup()),
      ratio(row.codecRatio()),
      ratio(row.ratio()),
      row.encodeRate().map(CodecsReport::rate).orElse(UNKNOWN),
      rate(row.decodeRate()),
      high.map(other -> ratio(other.ratio())).orElse(UNKNOWN),
      high.flatMap(Row::encodeRate).map(CodecsReport::rate).orElse(UNKNOWN),
      high.map(other -> rate(other.decodeRate())).orElse(UNKNOWN)
    };
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.3f", ratio);
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate);
  }

  /** For each kind and codec the chunker with which it packs best. */
  @Override
  public BarChart chart() {
    List<BarChart.Group> groups = new ArrayList<>();
    for (Kind kind : kinds) {
      List<BarChart.Bar> bars = new ArrayList<>();
      for (String codec : of(kind, Effort.NORMAL).map(Row::codec).distinct().toList()) {
        of(kind, Effort.NORMAL)
            .filter(row -> row.codec().equals(codec))
            .max(Comparator.comparingDouble(Row::ratio))
            .ifPresent(row -> bars.add(bar(row)));
      }
      groups.add(new BarChart.Group(kind.name() + ", " + Sizes.format(kind.measured()), bars));
    }
    return new BarChart("Ratio by kind of data and codec, each with its best chunker", groups);
  }

  private static BarChart.Bar bar(Row row) {
    String encode = row.encodeRate().map(rate -> "encodes " + rate(rate) + ", ").orElse("");
    return new BarChart.Bar(
        row.chunker() + ", " + row.codec(),
        row.ratio(),
        ratio(row.ratio()) + " (" + encode + "decodes " + rate(row.decodeRate()) + " MB/s)");
  }
}
