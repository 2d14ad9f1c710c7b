package dev.larder.itest.pax;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.workingDirectory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/**
 * The minimal distribution, as it was built, put into the framework that is on the class path: its
 * own list of bundles, from its own folder, with its own framework properties. Runs outside of the
 * framework, in the methods that configure a test.
 */
final class Distribution {

  /** System property: the folder that a test may use. */
  static final String WORK = "larder.itest.work";

  /** What the framework exports from the class path, as it does in the launcher. */
  private static final String EXPORTED = "org.osgi.framework.system.packages.extra";

  /** Pax Exam's own bundles and the test are at level 5. */
  private static final int LAST_LEVEL = 4;

  private static final Path FOLDER = Path.of(System.getProperty("larder.distribution"));

  private Distribution() {}

  /**
   * A gateway with a home of its own.
   *
   * @param test whose it is
   * @param properties further framework properties
   */
  static Option gateway(Class<?> test, Map<String, String> properties) {
    Path work = freshFolder(test);
    Map<String, String> all = new TreeMap<>(frameworkProperties());
    String exported = all.remove(EXPORTED);
    all.keySet().removeIf(name -> name.startsWith("org.osgi.framework.")); // Pax Exam has its own
    all.put("larder.home", work.resolve("home").toString());
    all.put("larder.distribution", FOLDER.toString());
    all.put("larder.dev", "false");
    all.put("larder.ram", work.resolve("ram").toString());
    all.put("larder.ram.limit", "64m");
    all.put("gosh.args", "--nointeractive --noshutdown");
    all.putAll(properties);
    List<Option> options = new ArrayList<>();
    all.forEach((key, value) -> options.add(frameworkProperty(key).value(value)));
    options.add(systemProperty(WORK).value(work.toString()));
    options.addAll(bundles());
    options.add(junitBundles());
    options.add(systemProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"));
    options.add(systemPackages("sun.misc", "com.sun.nio.file", exported));
    options.add(workingDirectory(work.resolveSibling("framework").toString()));
    options.add(cleanCaches());
    return composite(options.toArray(Option[]::new));
  }

  /** The folder of a test, empty. */
  static Path freshFolder(Class<?> test) {
    Path work =
        Path.of(System.getProperty("larder.itest.folder"), test.getSimpleName()).toAbsolutePath();
    try {
      if (Files.exists(work)) {
        try (Stream<Path> files = Files.walk(work)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      return Files.createDirectories(work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Option> bundles() {
    List<Option> options = new ArrayList<>();
    for (String line : lines(FOLDER.resolve("etc/bundles.list"))) {
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
      boolean forDevelopers = words.length > 2 && words[2].equals("dev");
      if (words.length >= 2 && !forDevelopers) {
        int level = Math.min(Integer.parseInt(words[0]), LAST_LEVEL);
        String url = FOLDER.resolve("bundles").resolve(words[1]).toUri().toString();
        options.add(bundle(url).startLevel(level).start());
      }
    }
    return options;
  }

  private static Map<String, String> frameworkProperties() {
    Properties file = new Properties();
    try (InputStream in = Files.newInputStream(FOLDER.resolve("etc/framework.properties"))) {
      file.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> properties = new TreeMap<>();
    file.stringPropertyNames().forEach(name -> properties.put(name, file.getProperty(name)));
    return properties;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the minimal distribution is not built", e);
    }
  }
}
