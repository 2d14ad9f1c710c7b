package dev.larder.http.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Gathers values of one moment, and puts those of one name together. Names are without the ending
 * {@code _total}, which counters get. For one thread.
 */
final class Metrics {

  private static final class Family {
    private final String help;
    private final BiFunction<MetricMetadata, List<DataPointSnapshot>, MetricSnapshot> end;
    private final List<DataPointSnapshot> points = new ArrayList<>();

    Family(String help, BiFunction<MetricMetadata, List<DataPointSnapshot>, MetricSnapshot> end) {
      this.help = help;
      this.end = end;
    }
  }

  private final Map<String, Family> families = new LinkedHashMap<>();

  /**
   * A value that goes up and down.
   *
   * @param labels names and values in turn
   */
  void gauge(String name, String help, double value, String... labels) {
    add(
        name,
        help,
        new GaugeDataPointSnapshot(value, Labels.of(labels), null),
        (metadata, points) -> new GaugeSnapshot(metadata, cast(points)));
  }

  /** A value that only goes up, since the start. */
  void counter(String name, String help, double value, String... labels) {
    add(
        name,
        help,
        new CounterDataPointSnapshot(value, Labels.of(labels), null, 0),
        (metadata, points) -> new CounterSnapshot(metadata, cast(points)));
  }

  /**
   * Counts of durations.
   *
   * @param bounds upper ones of the buckets in seconds, ascending; the last is infinite
   * @param counts of each bucket by itself
   */
  void histogram(
      String name, String help, double[] bounds, long[] counts, double sum, String... labels) {
    add(
        name,
        help,
        new HistogramDataPointSnapshot(
            ClassicHistogramBuckets.of(bounds, counts), sum, Labels.of(labels), null, 0),
        (metadata, points) -> new HistogramSnapshot(metadata, cast(points)));
  }

  private void add(
      String name,
      String help,
      DataPointSnapshot point,
      BiFunction<MetricMetadata, List<DataPointSnapshot>, MetricSnapshot> end) {
    families.computeIfAbsent(name, n -> new Family(help, end)).points.add(point);
  }

  @SuppressWarnings("unchecked") // a family holds points of one kind only
  private static <T> List<T> cast(List<DataPointSnapshot> points) {
    return (List<T>) points;
  }

  /** All that was gathered. */
  MetricSnapshots snapshots() {
    List<MetricSnapshot> all = new ArrayList<>();
    families.forEach(
        (name, family) ->
            all.add(family.end.apply(new MetricMetadata(name, family.help), family.points)));
    return new MetricSnapshots(all);
  }
}
