package dev.larder.launcher.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log of this process. Static because slf4j is: it finds its one provider by itself, before and
 * after the launcher knows the file. Before {@link #open} entries go to standard error.
 */
public final class Logs implements ILoggerFactory {
  /** Levels of loggers, as {@code info,org.eclipse.jetty=warn}. */
  public static final String LEVELS_VARIABLE = "LARDER_LOG";

  private static final String DEFAULT_LEVELS = "info,org.eclipse.jetty=warn,org.apache.felix=warn,";
  private static final long FILE_LIMIT = 1 << 20;
  private static final int FILES_KEPT = 3;
  private static final Sink STANDARD_ERROR = new Sink(null, System.err, InstantSource.system());

  private static volatile Sink sink = STANDARD_ERROR;
  private static volatile Levels levels = Levels.parse(DEFAULT_LEVELS);
  private static volatile @Nullable LogFile opened;

  private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();

  Logs() {}

  /**
   * Turns all logging to the file, also what bundles print on standard output and error.
   *
   * @param console gets a copy of all entries; null for none
   * @param captureOutput false leaves standard output to an interactive shell
   * @return the logger of the launcher itself
   */
  public static Logger open(Path file, @Nullable PrintStream console, boolean captureOutput)
      throws IOException {
    String chosen = System.getenv(LEVELS_VARIABLE);
    levels = Levels.parse(DEFAULT_LEVELS + (chosen == null ? "" : chosen));
    LogFile log = new LogFile(file, FILE_LIMIT, FILES_KEPT);
    opened = log;
    sink = new Sink(log, console, InstantSource.system());
    System.setErr(LinePrinter.to(line -> sink.write(Level.WARN, "stderr", line, null)));
    if (captureOutput) {
      System.setOut(LinePrinter.to(line -> sink.write(Level.INFO, "stdout", line, null)));
    }
    return LoggerFactory.getLogger("dev.larder.launcher");
  }

  /** Later entries are lost. */
  public static void close() throws IOException {
    LogFile log = opened;
    opened = null;
    if (log != null) {
      log.close();
    }
  }

  @Override
  public Logger getLogger(String name) {
    return loggers.computeIfAbsent(name, n -> new SinkLogger(n, () -> sink, () -> levels));
  }
}
