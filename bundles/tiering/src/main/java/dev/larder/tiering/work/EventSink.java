package dev.larder.tiering.work;

import java.util.Map;

/** Where events go; must not block. Topics and properties are those of {@code Events}. */
@FunctionalInterface
public interface EventSink {

  /** Posts an event; the time is added by the sink. */
  void post(String topic, Map<String, Object> properties);
}
