package dev.larder.tiering.tier;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.tiering.home.DurableFiles;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tiers that the gateway has, one small durable file for each in {@code conf/tiers}. A file
 * that cannot be read costs its own tier only.
 */
public final class TierDefinitions {

  private static final Logger LOG = LoggerFactory.getLogger(TierDefinitions.class);
  private static final String ENDING = ".tier";
  private static final String OPTION = "option.";

  private final Path folder;

  /** Definitions in a folder, which is made by the first {@link #save}. */
  public TierDefinitions(Path folder) {
    this.folder = folder;
  }

  /** Whether a tier was ever defined here: if not, a first one is to be made. */
  public boolean initialised() {
    return Files.isDirectory(folder);
  }

  /** From now on no first tier is made, even if all are removed. */
  void initialise() throws LarderException {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw failed("keep", e);
    }
  }

  /** All of them, by name. */
  List<TierDefinition> load() throws LarderException {
    List<TierDefinition> all = new ArrayList<>();
    if (!initialised()) {
      return all;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
      for (Path file : files) {
        read(file).ifPresent(all::add);
      }
    } catch (IOException e) {
      throw failed("read", e);
    }
    all.sort(Comparator.comparing(definition -> definition.spec().name()));
    return all;
  }

  private static Optional<TierDefinition> read(Path file) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
      String name = String.valueOf(file.getFileName());
      TierSpec spec = spec(name.substring(0, name.length() - ENDING.length()), properties);
      return Optional.of(new TierDefinition(spec, volume(properties)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("the definition of a tier in {} cannot be read; it is passed over", file, e);
      return Optional.empty();
    }
  }

  private static Optional<KnownVolume> volume(Properties properties) {
    String uuid = properties.getProperty("volume");
    return uuid == null
        ? Optional.empty()
        : Optional.of(
            new KnownVolume(
                UUID.fromString(uuid),
                properties.getProperty("volume.within", ""),
                Long.parseLong(properties.getProperty("volume.epoch", "0")),
                Long.parseLong(properties.getProperty("volume.sequence", "0")),
                !"false".equals(properties.getProperty("volume.imported"))));
  }

  private static TierSpec spec(String name, Properties properties) {
    Map<String, String> options = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(OPTION)) {
        options.put(key.substring(OPTION.length()), properties.getProperty(key));
      }
    }
    String location = properties.getProperty("location");
    if (location == null) {
      throw new IllegalArgumentException("no location");
    }
    String capacity = properties.getProperty("capacity");
    return new TierSpec(
        name,
        location,
        Optional.ofNullable(properties.getProperty("driver")),
        TierRole.valueOf(properties.getProperty("role", TierRole.STORAGE.name())),
        capacity == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(capacity)),
        Map.copyOf(options));
  }

  /** Keeps a definition, in place of one with the same name. */
  void save(TierDefinition definition) throws LarderException {
    TierSpec spec = definition.spec();
    Properties properties = new Properties();
    properties.setProperty("location", spec.location());
    properties.setProperty("role", spec.role().name());
    spec.driver().ifPresent(driver -> properties.setProperty("driver", driver));
    spec.capacity().ifPresent(n -> properties.setProperty("capacity", Long.toString(n)));
    spec.options().forEach((key, value) -> properties.setProperty(OPTION + key, value));
    definition.volume().ifPresent(volume -> put(properties, volume));
    try {
      Files.createDirectories(folder);
      DurableFiles.write(file(spec.name()), text(properties));
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private static void put(Properties properties, KnownVolume volume) {
    properties.setProperty("volume", volume.uuid().toString());
    properties.setProperty("volume.within", volume.within());
    properties.setProperty("volume.epoch", Long.toString(volume.epoch()));
    properties.setProperty("volume.sequence", Long.toString(volume.sequence()));
    properties.setProperty("volume.imported", Boolean.toString(volume.imported()));
  }

  /** Without the comment with the date that {@link Properties} writes: same tier, same bytes. */
  private static String text(Properties properties) {
    StringWriter out = new StringWriter();
    try {
      properties.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail", e);
    }
    return out.toString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .sorted()
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /** Forgets a definition. */
  public void delete(String name) throws LarderException {
    try {
      DurableFiles.delete(file(name));
    } catch (IOException e) {
      throw failed("delete", e);
    }
  }

  private Path file(String name) {
    return folder.resolve(name + ENDING);
  }

  private LarderException failed(String what, IOException e) {
    return new LarderException(
        ErrorCode.IO_ERROR,
        "cannot " + what + " the definitions of tiers in " + folder + ": " + e.getMessage(),
        "check the owner and the free space of the home",
        e);
  }
}
