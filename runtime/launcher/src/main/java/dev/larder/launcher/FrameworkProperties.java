package dev.larder.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code etc/framework.properties} of a distribution, with {@code ${larder.home}} and the like put
 * in, and what only the launcher knows added.
 */
final class FrameworkProperties {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9._-]+)\\}");

  private FrameworkProperties() {}

  static Map<String, String> read(Options options, Home home, int beginningStartLevel)
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
