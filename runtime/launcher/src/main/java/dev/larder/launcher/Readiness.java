package dev.larder.launcher;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/**
 * Listens to what the bundles say about themselves by service properties: {@code osgi.condition.id}
 * is one of the conditions of being ready; {@code larder.failed} is the reason why this gateway
 * cannot run.
 */
final class Readiness implements ServiceListener {
  private static final String CONDITION = "osgi.condition.id";
  private static final String FAILED = "larder.failed";
  private static final String URL = "url";
  private static final String ENDPOINT = "osgi.http.endpoint";

  private final Set<String> missing;
  private final Map<String, String> urls = new HashMap<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<String> failed = new CompletableFuture<>();

  Readiness(Set<String> conditions) {
    this.missing = new HashSet<>(conditions);
    if (missing.isEmpty()) {
      ready.complete(null);
    }
  }

  /** Completes once, when all conditions have been met. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Completes if a bundle ever reports that the gateway cannot run: what, why, what to do. */
  CompletableFuture<String> failed() {
    return failed;
  }

  /** The conditions that have not been met yet. */
  synchronized List<String> missing() {
    return missing.stream().sorted().toList();
  }

  /** Of the HTTP API, as far as known by now. */
  synchronized @Nullable String url() {
    return urls.getOrDefault(URL, urls.get(ENDPOINT));
  }

  void listen(BundleContext context) {
    String filter = "(|(" + CONDITION + "=*)(" + FAILED + "=*)(" + ENDPOINT + "=*))";
    try {
      context.addServiceListener(this, filter);
      ServiceReference<?>[] present = context.getAllServiceReferences(null, filter);
      if (present != null) {
        for (ServiceReference<?> reference : present) {
          look(reference);
        }
      }
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void serviceChanged(ServiceEvent event) {
    if (event.getType() == ServiceEvent.REGISTERED || event.getType() == ServiceEvent.MODIFIED) {
      look(event.getServiceReference());
    }
  }

  private void look(ServiceReference<?> reference) {
    if (reference.getProperty(FAILED) instanceof String message) {
      failed.complete(Reasons.oneLine(message));
    }
    synchronized (this) {
      if (reference.getProperty(CONDITION) != null
          && reference.getProperty(URL) instanceof String given) {
        urls.put(URL, given);
      }
      String endpoint = endpoint(reference.getProperty(ENDPOINT));
      if (endpoint != null) {
        urls.put(ENDPOINT, endpoint);
      }
      boolean counts =
          reference.getProperty(CONDITION) instanceof String condition && missing.remove(condition);
      if (!counts || !missing.isEmpty()) {
        return;
      }
    }
    ready.complete(null);
  }

  private static @Nullable String endpoint(@Nullable Object property) {
    String first = null;
    if (property instanceof String text) {
      first = text;
    } else if (property instanceof String[] texts && texts.length > 0) {
      first = texts[0];
    }
    return first == null ? null : first.replaceFirst("/$", "");
  }
}
