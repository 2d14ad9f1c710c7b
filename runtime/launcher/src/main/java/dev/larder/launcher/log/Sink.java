package dev.larder.launcher.log;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Where log entries end up: the file, and on the console too if the gateway runs in foreground. */
final class Sink {
  private final @Nullable LogFile file;
  private final @Nullable PrintStream console;
  private final InstantSource clock;

  Sink(@Nullable LogFile file, @Nullable PrintStream console, InstantSource clock) {
    this.file = file;
    this.console = console;
    this.clock = clock;
  }

  void write(Level level, String logger, String message, @Nullable Throwable failure) {
    String entry = format(level, logger, message, failure);
    if (file != null) {
      file.write(entry);
    }
    if (console != null) {
      console.print(entry);
    }
  }

  private String format(Level level, String logger, String message, @Nullable Throwable failure) {
    StringBuilder text = new StringBuilder(160);
    text.append(clock.instant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
    text.append(level).append(level.name().length() < 5 ? "  " : " ");
    text.append(logger).append(" [").append(Thread.currentThread().getName()).append("] ");
    text.append(message).append(System.lineSeparator());
    if (failure != null) {
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace, true));
      text.append(trace);
    }
    return text.toString();
  }
}
