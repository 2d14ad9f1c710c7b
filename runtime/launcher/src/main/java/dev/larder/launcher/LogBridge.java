package dev.larder.launcher;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogReaderService;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Leads what bundles write to the OSGi Log Service, such as errors of their components, to slf4j.
 */
final class LogBridge extends ServiceTracker<LogReaderService, LogReaderService> {
  /** Events of bundles and services, which the log service lists by itself. */
  private static final String EVENTS = "Events.";

  LogBridge(BundleContext context) {
    super(context, LogReaderService.class, null);
  }

  @Override
  public LogReaderService addingService(ServiceReference<LogReaderService> reference) {
    LogReaderService reader = context.getService(reference);
    reader.addLogListener(LogBridge::write);
    return reader;
  }

  private static void write(LogEntry entry) {
    String name = entry.getLoggerName();
    if (name != null && name.startsWith(EVENTS)) {
      return;
    }
    Logger logger = LoggerFactory.getLogger(entry.getBundle().getSymbolicName());
    logger
        .makeLoggingEventBuilder(level(entry))
        .setCause(entry.getException())
        .log(entry.getMessage());
  }

  private static Level level(LogEntry entry) {
    return switch (entry.getLogLevel()) {
      case AUDIT, ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
      case TRACE -> Level.TRACE;
    };
  }
}
