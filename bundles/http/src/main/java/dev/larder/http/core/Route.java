package dev.larder.http.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of the table of routes.
 *
 * @param method HTTP method
 * @param template path with {@code {name}} for a segment that varies
 * @param open whether it is answered without a token
 * @param summary what it does, one line
 * @param handler what answers
 */
public record Route(String method, String template, boolean open, String summary, Handler handler) {

  /** A route that wants the token. */
  public static Route of(String method, String template, String summary, Handler handler) {
    return new Route(method, template, false, summary, handler);
  }

  /** A route for everybody. */
  public static Route open(String method, String template, String summary, Handler handler) {
    return new Route(method, template, true, summary, handler);
  }

  /** The values of the varying segments if the path is of this form. */
  Optional<Map<String, String>> match(List<String> path) {
    List<String> wanted = segments(template);
    if (wanted.size() != path.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String segment = wanted.get(i);
      if (segment.startsWith("{")) {
        values.put(segment.substring(1, segment.length() - 1), path.get(i));
      } else if (!segment.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
