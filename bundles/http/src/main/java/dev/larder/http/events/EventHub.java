package dev.larder.http.events;

import com.google.gson.JsonObject;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.http.core.Exchange;
import dev.larder.http.core.Route;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Hands events to all clients that listen: {@code /v1/events} (server-sent events). */
public final class EventHub implements AutoCloseable {

  private static final int MAX_CLIENTS = 32;
  private static final String HEARTBEAT = ": alive\n\n";

  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService heart;

  /**
   * A hub.
   *
   * @param heartbeatMillis how often idle clients hear something, so that dead ones are noticed
   */
  public EventHub(long heartbeatMillis) {
    heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "larder-http-events");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        heart.scheduleWithFixedDelay(
            () -> streams.forEach(stream -> stream.offer(HEARTBEAT)),
            heartbeatMillis,
            heartbeatMillis,
            TimeUnit.MILLISECONDS);
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(Route.of("GET", "/v1/events", "Events as they happen", this::listen));
  }

  /** How many clients listen. */
  public int clients() {
    return streams.size();
  }

  /**
   * Hands out an event. Never waits.
   *
   * @param name of the event, such as {@code ram/SWAPPED}
   * @param properties texts, numbers and booleans; others are written as texts
   */
  public void publish(String name, Map<String, ?> properties) {
    if (streams.isEmpty()) {
      return;
    }
    JsonObject data = new JsonObject();
    new TreeMap<>(properties).forEach((key, value) -> add(data, key, value));
    String message = "event: " + name + "\ndata: " + data + "\n\n";
    streams.forEach(stream -> stream.offer(message));
  }

  private static void add(JsonObject data, String key, Object value) {
    if (value instanceof Number number) {
      data.addProperty(key, number);
    } else if (value instanceof Boolean flag) {
      data.addProperty(key, flag);
    } else {
      data.addProperty(key, String.valueOf(value));
    }
  }

  private void listen(Exchange exchange) throws IOException {
    if (streams.size() >= MAX_CLIENTS) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE, MAX_CLIENTS + " clients listen already", "close one of them");
    }
    HttpServletResponse response = exchange.response();
    response.setStatus(200);
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "no-store");
    AsyncContext context = exchange.request().startAsync(exchange.request(), exchange.response());
    context.setTimeout(0);
    EventStream stream = new EventStream(context, response.getOutputStream(), streams::remove);
    streams.add(stream);
    response.getOutputStream().setWriteListener(stream);
    stream.offer(HEARTBEAT);
  }

  @Override
  public void close() {
    heart.shutdown();
    streams.forEach(EventStream::end);
  }
}
