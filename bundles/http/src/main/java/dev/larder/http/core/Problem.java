package dev.larder.http.core;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.NoSuitableTierException;
import dev.larder.api.SwapTimeoutException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A failure as a client sees it: a problem document (RFC 9457) with the stable code, and never a
 * stack trace.
 */
public final class Problem extends LarderException {

  /** Media type of the document. */
  public static final String TYPE = "application/problem+json";

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient JsonObject extra = new JsonObject();
  private final transient Map<String, String> headers = new HashMap<>();

  /** A problem with a status of its own. */
  public Problem(int status, ErrorCode code, String message, String advice) {
    super(code, message, advice);
    this.status = status;
  }

  /** Adds a list of texts to the document. */
  public Problem with(String field, List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    extra.add(field, array);
    return this;
  }

  /** Adds a header to the answer. */
  public Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** Headers of the answer. */
  Map<String, String> headers() {
    return headers;
  }

  /** The one table from code to status. */
  public static int status(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT, BODY_INCOMPLETE -> 400;
      case UNAUTHORIZED -> 401;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, READ_ONLY, LEASED, FORMAT_UNSUPPORTED, NOT_IMPORTED -> 409;
      case TOO_LARGE_FOR_RAM -> 413;
      case LOCKED -> 423;
      case CORRUPT, IO_ERROR, INTERNAL -> 500;
      case TIER_ABSENT, CODEC_MISSING, DRIVER_MISSING, UNAVAILABLE -> 503;
      case SWAP_TIMEOUT -> 504;
      case NO_SUITABLE_TIER, TIER_FULL, RAM_FULL -> 507;
    };
  }

  /** The status of a failure. */
  public static int status(LarderException failure) {
    return failure instanceof Problem problem ? problem.status : status(failure.code());
  }

  /** The document of a failure. */
  public static JsonObject document(LarderException failure) {
    JsonObject document = new JsonObject();
    String code = failure.code().name();
    document.addProperty(
        "type", "urn:larder:error:" + code.toLowerCase(Locale.ROOT).replace('_', '-'));
    document.addProperty("title", title(code));
    document.addProperty("status", status(failure));
    document.addProperty("detail", String.valueOf(failure.getMessage()));
    document.addProperty("code", code);
    document.addProperty("advice", failure.advice());
    if (failure instanceof SwapTimeoutException timeout) {
      document.addProperty("loadedBytes", timeout.loadedBytes());
      document.addProperty("totalBytes", timeout.totalBytes());
    } else if (failure instanceof NoSuitableTierException none) {
      JsonObject reasons = new JsonObject();
      none.reasons().forEach(reasons::addProperty);
      document.add("reasons", reasons);
    } else if (failure instanceof Problem problem) {
      problem.extra.entrySet().forEach(entry -> document.add(entry.getKey(), entry.getValue()));
    }
    return document;
  }

  private static String title(String code) {
    String words = code.toLowerCase(Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
