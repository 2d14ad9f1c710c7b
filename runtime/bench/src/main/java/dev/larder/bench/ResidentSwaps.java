package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Home;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Swaps of what is in RAM.
 *
 * @param overHttp as a client sees them over a connection that is kept alive
 * @param inside the same and those before them as the gateway counted them: its {@code swaps.RAM}
 */
record ResidentSwaps(Sample overHttp, JsonObject inside) {
  /** Enough for a 99th percentile. */
  private static final int SWAPS = 2000;

  /** Not counted over HTTP: while they last, client and gateway are compiled. */
  private static final int WARM_UP = 2000;

  private static final long MOST_OVER_HTTP = 2_000_000;
  private static final double MOST_INSIDE_MILLIS = 1;

  /** Measures; the artifact is resident, and keeps no lease. */
  static ResidentSwaps measure(Home home, String reference, LongSupplier nanoTime)
      throws CliException, IOException {
    Calls calls = new Calls(Gateway.of(home));
    JsonObject mark = calls.stats(null);
    JsonObject request = new JsonObject();
    request.addProperty("reference", reference);
    long[] nanos = new long[SWAPS];
    try (Connection connection = new Connection(home.url(), home.token())) {
      for (int i = -WARM_UP; i < SWAPS; i++) {
        long start = nanoTime.getAsLong();
        connection.post("/v1/swaps", request);
        if (i >= 0) {
          nanos[i] = nanoTime.getAsLong() - start;
        }
      }
    }
    calls.release(reference);
    JsonObject swaps = Fields.object(calls.stats(Fields.text(mark, "mark")), "swaps");
    return new ResidentSwaps(new Sample(nanos), Fields.object(swaps, "RAM"));
  }

  /** Adds them to a report as {@code resident} and {@code residentInside}. */
  void addTo(JsonObject json) {
    json.add("resident", overHttp.toJson());
    json.add("residentInside", inside);
  }

  /** Adds them to a table. */
  void addTo(Grid grid) {
    long http = overHttp.quantile(0.99);
    grid.bar(
        "resident swap, HTTP kept alive, p50 / p99",
        Grid.time(overHttp.median()) + " / " + Grid.time(http),
        "p99 < 2 ms",
        http < MOST_OVER_HTTP);
    double p99 = Fields.decimal(inside, "p99Millis");
    grid.bar(
        "the same in the gateway, p50 / p99",
        Grid.time((long) (Fields.decimal(inside, "p50Millis") * 1e6))
            + " / "
            + Grid.time((long) (p99 * 1e6)),
        "p99 < 1 ms",
        p99 < MOST_INSIDE_MILLIS);
  }
}
