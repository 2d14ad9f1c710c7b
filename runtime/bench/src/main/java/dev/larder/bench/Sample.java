package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.text.Durations;
import java.util.Arrays;

/** Measured times. */
final class Sample {
  private final long[] sorted;

  /** Times in nanoseconds, at least one, in any order. */
  Sample(long... nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("no measurement");
    }
    sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  int count() {
    return sorted.length;
  }

  long median() {
    int n = sorted.length;
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  /** The smallest time that a share of all does not exceed. */
  long quantile(double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
  }

  long min() {
    return sorted[0];
  }

  long max() {
    return sorted[sorted.length - 1];
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("count", sorted.length);
    json.add("minMillis", Durations.millisOf(min()));
    json.add("medianMillis", Durations.millisOf(median()));
    json.add("p99Millis", Durations.millisOf(quantile(0.99)));
    json.add("maxMillis", Durations.millisOf(max()));
    return json;
  }
}
