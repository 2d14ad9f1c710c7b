package dev.larder.configuration;

import java.io.IOException;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * One file per configuration with the two generations before it, {@code NAME.1} and {@code NAME.2}.
 * A file that cannot be read is set aside as {@code NAME.damaged-N}, and the youngest generation
 * that can be read takes its place. Not thread-safe.
 */
final class ConfigurationFiles {
  private static final int OLDEST = 2;
  private static final int DAMAGED_KEPT = 9;

  private final DurableFolder folder;
  private final Logger log;

  ConfigurationFiles(DurableFolder folder, Logger log) {
    this.folder = folder;
    this.log = log;
  }

  List<String> names() throws IOException {
    return folder.names(FileNames.SUFFIX);
  }

  boolean exists(String name) {
    return folder.exists(name);
  }

  /** Empty if there is no such configuration, or nothing of it can be read. */
  Optional<Dictionary<String, Object>> read(String name) throws IOException {
    if (!folder.exists(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Format.read(folder.read(name, Format.LARGEST)));
    } catch (IOException e) {
      String aside = setAside(name);
      log.error("Configuration file {} is damaged and kept as {}", folder.path(name), aside, e);
      return restore(name);
    }
  }

  private String setAside(String name) throws IOException {
    for (int n = 1; ; n++) {
      String aside = name + ".damaged-" + n;
      if (n == DAMAGED_KEPT || !folder.exists(aside)) {
        folder.rename(name, aside);
        return aside;
      }
    }
  }

  private Optional<Dictionary<String, Object>> restore(String name) throws IOException {
    for (int generation = 1; generation <= OLDEST; generation++) {
      String former = name + "." + generation;
      if (!folder.exists(former)) {
        continue;
      }
      try {
        byte[] content = folder.read(former, Format.LARGEST);
        Dictionary<String, Object> properties = Format.read(content);
        folder.replace(name, content);
        folder.force();
        log.warn("The former configuration {} is used in its place", folder.path(former));
        return Optional.of(properties);
      } catch (IOException e) {
        log.error("The former configuration {} cannot be read either", folder.path(former), e);
      }
    }
    folder.force();
    log.error("There is no readable generation of {}: its defaults hold", folder.path(name));
    return Optional.empty();
  }

  /** Durable on return. Writing what is there already costs no write. */
  void write(String name, Dictionary<String, ?> properties) throws IOException {
    byte[] content = Format.write(properties);
    if (folder.exists(name)) {
      byte[] present = readIfSound(name);
      if (Arrays.equals(present, content)) {
        return;
      }
      if (present.length > 0) {
        shift(name, present);
      }
    } else {
      deleteFormer(name); // whoever deleted the file by hand did not mean to get these back
    }
    folder.replace(name, content);
    folder.force();
  }

  /** No bytes if the file is damaged: it must not push out a good generation. */
  private byte[] readIfSound(String name) {
    try {
      byte[] present = folder.read(name, Format.LARGEST);
      Format.read(present);
      return present;
    } catch (IOException e) {
      log.warn("Configuration file {} was damaged and is replaced", folder.path(name), e);
      return new byte[0];
    }
  }

  /** The file itself stays: at no moment is there none. */
  private void shift(String name, byte[] present) throws IOException {
    for (int generation = OLDEST; generation > 1; generation--) {
      String younger = name + "." + (generation - 1);
      if (folder.exists(younger)) {
        folder.rename(younger, name + "." + generation);
      }
    }
    folder.replace(name + ".1", present);
  }

  /** Durable on return: no former generation comes back. */
  void delete(String name) throws IOException {
    deleteFormer(name);
    folder.delete(name);
    folder.force();
  }

  private void deleteFormer(String name) throws IOException {
    for (int generation = OLDEST; generation >= 1; generation--) {
      folder.delete(name + "." + generation);
    }
  }
}
