package dev.larder.launcher.log;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Which loggers write what: {@code info,org.eclipse.jetty=warn,dev.larder.store=debug}. The longest
 * matching prefix of a logger's name decides.
 */
final class Levels {
  private final Map<String, Level> prefixes;

  private Levels(Map<String, Level> prefixes) {
    this.prefixes = prefixes;
  }

  /** What cannot be read is left out. */
  static Levels parse(String text) {
    Map<String, Level> prefixes = new LinkedHashMap<>();
    prefixes.put("", Level.INFO);
    for (String item : text.split(",")) {
      int equals = item.indexOf('=');
      String name = equals < 0 ? "" : item.substring(0, equals).strip();
      String level = item.substring(equals + 1).strip().toUpperCase(Locale.ROOT);
      for (Level known : Level.values()) {
        if (known.name().equals(level)) {
          prefixes.put(name, known);
        }
      }
    }
    return new Levels(prefixes);
  }

  Level of(String logger) {
    int longest = -1;
    Level level = Level.INFO;
    for (Map.Entry<String, Level> prefix : prefixes.entrySet()) {
      if (logger.startsWith(prefix.getKey()) && prefix.getKey().length() > longest) {
        longest = prefix.getKey().length();
        level = prefix.getValue();
      }
    }
    return level;
  }
}
