package dev.larder.http.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the route of a request. */
public final class Router {

  /**
   * What was found.
   *
   * @param route the route
   * @param values of its varying segments
   */
  public record Found(Route route, Map<String, String> values) {}

  private final List<Route> routes;

  /** A router over a table; the first route that fits wins. */
  public Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /** The table. */
  public List<Route> routes() {
    return routes;
  }

  /** The route for a request; HEAD is answered by GET where it has no route of its own. */
  public Optional<Found> find(String method, String path) {
    Optional<Found> found = findExact(method, path);
    return found.isEmpty() && method.equals("HEAD") ? findExact("GET", path) : found;
  }

  private Optional<Found> findExact(String method, String path) {
    List<String> segments = Route.segments(path);
    for (Route route : routes) {
      if (route.method().equals(method)) {
        Optional<Map<String, String>> values = route.match(segments);
        if (values.isPresent()) {
          return Optional.of(new Found(route, values.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** Methods that a path has; none if there is no such path. */
  public Set<String> methods(String path) {
    List<String> segments = Route.segments(path);
    Set<String> methods = new LinkedHashSet<>();
    for (Route route : routes) {
      if (route.match(segments).isPresent()) {
        methods.add(route.method());
      }
    }
    return methods;
  }
}
