package dev.larder.launcher.log;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that writes to the {@link Sink} of the moment. */
final class SinkLogger extends LegacyAbstractLogger {
  private static final long serialVersionUID = 1L;

  private final transient Supplier<Sink> sink;
  private final transient Supplier<Levels> levels;

  SinkLogger(String name, Supplier<Sink> sink, Supplier<Levels> levels) {
    this.name = name;
    this.sink = sink;
    this.levels = levels;
  }

  private boolean enabled(Level level) {
    return level.toInt() >= levels.get().of(name).toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return enabled(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return enabled(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return enabled(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return enabled(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return enabled(Level.ERROR);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    sink.get().write(level, name, MessageFormatter.basicArrayFormat(pattern, arguments), failure);
  }
}
