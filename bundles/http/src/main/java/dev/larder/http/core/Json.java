package dev.larder.http.core;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.math.BigDecimal;
import java.time.Duration;

/** How values are written. Views are records: a component is a field, in order. */
public final class Json {

  /** Writes nulls, so that a field is always there. */
  public static final Gson GSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private Json() {}

  /** Milliseconds as a decimal to the microsecond. */
  public static BigDecimal millis(long nanos) {
    return BigDecimal.valueOf(Math.round(nanos / 1_000.0), 3);
  }

  /** Milliseconds as a decimal to the microsecond. */
  public static BigDecimal millis(Duration duration) {
    return millis(duration.toNanos());
  }

  /** A share, or 0 where there is nothing to divide by. */
  public static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
