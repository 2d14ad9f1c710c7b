package dev.larder.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code etc/framework.properties} of a distribution, with {@code ${larder.home}} and the like put
 * in, and what only the launcher knows added.
 */
final class FrameworkProperties {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9._-]+)\\}");

  private static final String ENVIRONMENT = "LARDER_";

  /** Variables that are not for bundles. */
  private static final Set<String> LAUNCHING =
      Set.of(
          "LARDER_HOME",
          "LARDER_DISTRIBUTION",
          "LARDER_PORT",
          "LARDER_LOG",
          "LARDER_JAVA_OPTIONS",
          "LARDER_START_TIMEOUT");

  private FrameworkProperties() {}

  /**
   * Strongest first: what the launcher knows, {@code LARDER_X_Y} of the environment as {@code
   * larder.x.y}, the file.
   */
  static Map<String, String> read(
      Options options, Home home, int beginningStartLevel, Map<String, String> environment)
      throws LaunchException {
    Path file = options.distribution().resolve("etc").resolve("framework.properties");
    Properties text = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      text.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new LaunchException("cannot read " + file + " (" + Reasons.of(e) + ")", e);
    }
    Map<String, String> own = new HashMap<>();
    own.put("larder.home", home.folder().toString());
    own.put("larder.distribution", options.distribution().toString());
    own.put("larder.dev", Boolean.toString(options.dev()));
    own.put("org.osgi.framework.storage", home.cache().toString());
    own.put("org.osgi.framework.storage.clean", "onFirstInit");
    own.put("org.osgi.framework.startlevel.beginning", Integer.toString(beginningStartLevel));
    own.put("gosh.args", options.shell() ? "--quiet" : "--nointeractive");
    if (options.port() != null) {
      own.put("org.osgi.service.http.port", Integer.toString(options.port()));
    }
    Map<String, String> all = new HashMap<>();
    for (String name : text.stringPropertyNames()) {
      all.put(name, substitute(text.getProperty(name), own));
    }
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(ENVIRONMENT) && !LAUNCHING.contains(name) && !value.isEmpty()) {
            all.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value);
          }
        });
    all.putAll(own);
    return all;
  }

  private static String substitute(String value, Map<String, String> variables) {
    return VARIABLE
        .matcher(value)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(variables.getOrDefault(match.group(1), match.group())));
  }
}
