package dev.larder.tiering.osgi;

import dev.larder.api.Events;
import dev.larder.tiering.work.EventSink;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/**
 * Posts events to the EventAdmin that is there now; without one they are lost, as events may be.
 */
final class EventRelay implements EventSink {

  private final AtomicReference<@Nullable EventAdmin> current = new AtomicReference<>();

  void set(EventAdmin admin) {
    current.set(admin);
  }

  /** A dynamic reference binds the new one before it unbinds the old one. */
  void unset(EventAdmin admin) {
    current.compareAndSet(admin, null);
  }

  @Override
  public void post(String topic, Map<String, Object> properties) {
    EventAdmin admin = current.get();
    if (admin != null) {
      Map<String, Object> all = new HashMap<>(properties);
      all.put(Events.TIME, System.currentTimeMillis());
      admin.postEvent(new Event(topic, all));
    }
  }
}
