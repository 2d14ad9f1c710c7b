package dev.larder.cli.gateway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds a path with a query. */
public final class Query {
  private final StringBuilder target;
  private char separator = '?';

  private Query(String path) {
    target = new StringBuilder(path);
  }

  /** A path without a query so far. */
  public static Query of(String path) {
    return new Query(path);
  }

  /** Adds a parameter unless its value is null. */
  public Query with(String name, @Nullable String value) {
    if (value != null) {
      target.append(separator).append(name).append('=').append(encode(value));
      separator = '&';
    }
    return this;
  }

  /** Encodes a path segment or a value of a query. */
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return target.toString();
  }
}
