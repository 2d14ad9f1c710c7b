package dev.larder.launcher;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of the launcher says.
 *
 * @param distribution folder with {@code etc/}, {@code bundles/} and {@code lib/}
 * @param home folder of the gateway's data, created if it is not there
 * @param port port of the HTTP API, 0 for any free one; null leaves it to {@code
 *     etc/framework.properties}
 * @param dev also start the bundles that are for development
 * @param shell an interactive shell on standard input and output
 * @param foreground also log to standard error
 */
record Options(
    Path distribution,
    Path home,
    @Nullable Integer port,
    boolean dev,
    boolean shell,
    boolean foreground) {

  static final String USAGE =
      "usage: --distribution DIR --home DIR [--port N] [--dev] [--shell] [--foreground]";

  static Options parse(List<String> arguments) throws LaunchException {
    Path distribution = null;
    Path home = null;
    Integer port = null;
    boolean dev = false;
    boolean shell = false;
    boolean foreground = false;
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String name = rest.next();
      switch (name) {
        case "--distribution" -> distribution = Path.of(value(name, rest));
        case "--home" -> home = Path.of(value(name, rest));
        case "--port" -> port = port(value(name, rest));
        case "--dev" -> dev = true;
        case "--shell" -> shell = true;
        case "--foreground" -> foreground = true;
        default -> throw new LaunchException("unknown option " + name + "; " + USAGE);
      }
    }
    if (distribution == null || home == null) {
      throw new LaunchException("--distribution and --home are needed; " + USAGE);
    }
    return new Options(
        distribution.toAbsolutePath().normalize(),
        home.toAbsolutePath().normalize(),
        port,
        dev,
        shell,
        foreground);
  }

  private static String value(String name, Iterator<String> rest) throws LaunchException {
    if (!rest.hasNext()) {
      throw new LaunchException(name + " needs a value; " + USAGE);
    }
    return rest.next();
  }

  private static Integer port(String text) throws LaunchException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Told below, as a number out of range is.
    }
    throw new LaunchException("port must be a number from 0 to 65535, not '" + text + "'");
  }
}
