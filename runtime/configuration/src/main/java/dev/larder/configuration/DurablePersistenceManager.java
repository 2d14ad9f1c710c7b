package dev.larder.configuration;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import org.apache.felix.cm.PersistenceManager;
import org.osgi.framework.Constants;
import org.slf4j.Logger;

/** What ConfigAdmin keeps its configurations in. Thread-safe. */
final class DurablePersistenceManager implements PersistenceManager {
  private final ConfigurationFiles files;
  private final Logger log;

  DurablePersistenceManager(ConfigurationFiles files, Logger log) {
    this.files = files;
    this.log = log;
  }

  @Override
  public synchronized boolean exists(String pid) {
    return files.exists(FileNames.of(pid));
  }

  @Override
  @SuppressWarnings("rawtypes") // as the interface has it
  public synchronized Dictionary load(String pid) throws IOException {
    return files
        .read(FileNames.of(pid))
        .orElseThrow(() -> new IOException("there is no readable configuration of " + pid));
  }

  @Override
  @SuppressWarnings("rawtypes")
  public synchronized Enumeration getDictionaries() throws IOException {
    List<Dictionary<String, Object>> all = new ArrayList<>();
    for (String name : files.names()) {
      Optional<Dictionary<String, Object>> properties = files.read(name);
      if (properties.isEmpty()) {
        continue;
      }
      Object pid = properties.get().get(Constants.SERVICE_PID);
      if (pid instanceof String text && FileNames.of(text).equals(name)) {
        all.add(properties.get());
      } else {
        log.warn("Configuration file {} is left out: its service.pid is {}", name, pid);
      }
    }
    return Collections.enumeration(all);
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public synchronized void store(String pid, Dictionary properties) throws IOException {
    files.write(FileNames.of(pid), (Dictionary<String, ?>) properties);
  }

  @Override
  public synchronized void delete(String pid) throws IOException {
    files.delete(FileNames.of(pid));
  }
}
