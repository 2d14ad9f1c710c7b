package dev.larder.tiering;

import dev.larder.api.LarderException;
import dev.larder.tiering.tier.Quantities;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the tier manager is told from outside.
 *
 * @param home the gateway's folder
 * @param root of the file system below which {@code proc}, {@code sys} and {@code dev} are
 * @param ramFolder the RAM cache; found out if empty
 * @param ramLimit bytes that the RAM cache may take; found out if empty
 * @param ramGroup group of its files; the process's own if empty
 * @param cores threads for the store's work; 1 or more
 * @param keptHistory entries of a reference's history that keep their artifacts; 1 or more
 * @param codecChoice short name of the codec that new blocks are tried with on all media; the codec
 *     rule decides if empty, or if it is not installed
 * @param patience how long a request waits for a driver or a codec that is being replaced
 * @param drain how long the use of a plug-in that goes away may take to end
 * @param probe whether media are measured for a moment at their first use
 * @param movePause running time before a home that was moved is moved again
 */
public record LarderSettings(
    Path home,
    Path root,
    Optional<Path> ramFolder,
    OptionalLong ramLimit,
    Optional<String> ramGroup,
    int cores,
    int keptHistory,
    Optional<String> codecChoice,
    Duration patience,
    Duration drain,
    boolean probe,
    Duration movePause) {

  /** Property: the gateway's folder. */
  public static final String HOME = "larder.home";

  /** Property: the RAM cache's folder. */
  public static final String RAM = "larder.ram";

  /** Property: bytes that the RAM cache may take, such as {@code 6g}. */
  public static final String RAM_LIMIT = "larder.ram.limit";

  /** Property: group of the RAM cache's files. */
  public static final String RAM_GROUP = "larder.ram.group";

  /** Property: entries of a reference's history that keep their artifacts. */
  public static final String HISTORY = "larder.history";

  /** Property: short name of the codec for new blocks. */
  public static final String CODEC_CHOICE = "larder.codec.choice";

  /**
   * Property: how long a request waits for a plug-in that is being replaced, such as {@code 10s}.
   */
  public static final String PATIENCE = "larder.patience";

  /** Property: {@code false} if media are to be taken as their profiles say, and not measured. */
  public static final String PROBE = "larder.probe";

  /**
   * Property: running time before a home that was moved on the gateway's own account is moved
   * again, such as {@code 6h}.
   */
  public static final String MOVE_PAUSE = "larder.move.pause";

  private static final int DEFAULT_HISTORY = 5;
  private static final int MAX_HISTORY = 1000;
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);
  private static final Duration DEFAULT_MOVE_PAUSE = Duration.ofHours(6);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** Settings with defaults for all but the home. */
  public static LarderSettings of(Path home) {
    return new LarderSettings(
        home,
        Path.of("/"),
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Runtime.getRuntime().availableProcessors(),
        DEFAULT_HISTORY,
        Optional.empty(),
        DEFAULT_PATIENCE,
        DRAIN,
        true,
        DEFAULT_MOVE_PAUSE);
  }

  /**
   * Reads the properties of the framework or the system.
   *
   * @throws LarderException {@code INVALID_ARGUMENT} if one is not of its form
   */
  public static LarderSettings from(UnaryOperator<@Nullable String> properties)
      throws LarderException {
    LarderSettings settings = of(Path.of(value(properties, HOME).orElse("larder-home")));
    Optional<String> limit = value(properties, RAM_LIMIT);
    if (limit.isPresent()) {
      settings = settings.withRamLimit(Quantities.bytes(RAM_LIMIT, limit.get()));
    }
    Optional<String> ram = value(properties, RAM);
    if (ram.isPresent()) {
      settings = settings.withRamFolder(Path.of(ram.get()));
    }
    Optional<String> patience = value(properties, PATIENCE);
    if (patience.isPresent()) {
      settings =
          settings.withTimes(Quantities.duration(PATIENCE, patience.get()), settings.drain());
    }
    Optional<String> movePause = value(properties, MOVE_PAUSE);
    if (movePause.isPresent()) {
      settings = settings.withMovePause(Quantities.duration(MOVE_PAUSE, movePause.get()));
    }
    return settings
        .withCodecChoice(value(properties, CODEC_CHOICE))
        .withRamGroup(value(properties, RAM_GROUP))
        .withKeptHistory(history(value(properties, HISTORY)))
        .withProbe(probe(value(properties, PROBE).orElse("true")));
  }

  private static Optional<String> value(UnaryOperator<@Nullable String> properties, String key) {
    return Optional.ofNullable(properties.apply(key)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static boolean probe(String text) throws LarderException {
    if (!text.equals("true") && !text.equals("false")) {
      throw LarderException.invalid(PROBE + " '" + text + "' is neither true nor false");
    }
    return Boolean.parseBoolean(text);
  }

  private static int history(Optional<String> text) throws LarderException {
    if (text.isEmpty()) {
      return DEFAULT_HISTORY;
    }
    if (!text.get().matches("[0-9]{1,4}")) {
      throw LarderException.invalid(HISTORY + " '" + text.get() + "' is not a number");
    }
    int value = Integer.parseInt(text.get());
    if (value < 1 || value > MAX_HISTORY) {
      throw LarderException.invalid(HISTORY + " " + value + " is not in 1.." + MAX_HISTORY);
    }
    return value;
  }

  /** The same with another folder for the RAM cache. */
  public LarderSettings withRamFolder(Path folder) {
    return new LarderSettings(
        home,
        root,
        Optional.of(folder),
        ramLimit,
        ramGroup,
        cores,
        keptHistory,
        codecChoice,
        patience,
        drain,
        probe,
        movePause);
  }

  /** The same with another limit of the RAM cache, in bytes. */
  public LarderSettings withRamLimit(long bytes) {
    return new LarderSettings(
        home,
        root,
        ramFolder,
        OptionalLong.of(bytes),
        ramGroup,
        cores,
        keptHistory,
        codecChoice,
        patience,
        drain,
        probe,
        movePause);
  }

  /** The same with another group of the RAM cache's files. */
  public LarderSettings withRamGroup(Optional<String> group) {
    return new LarderSettings(
        home,
        root,
        ramFolder,
        ramLimit,
        group,
        cores,
        keptHistory,
        codecChoice,
        patience,
        drain,
        probe,
        movePause);
  }

  /** The same with another length of history. */
  public LarderSettings withKeptHistory(int entries) {
    return new LarderSettings(
        home,
        root,
        ramFolder,
        ramLimit,
        ramGroup,
        cores,
        entries,
        codecChoice,
        patience,
        drain,
        probe,
        movePause);
  }

  /** The same with another choice of codec. */
  public LarderSettings withCodecChoice(Optional<String> shortName) {
    return new LarderSettings(
        home,
        root,
        ramFolder,
        ramLimit,
        ramGroup,
        cores,
        keptHistory,
        shortName,
        patience,
        drain,
        probe,
        movePause);
  }

  /** The same with another root of the file system. */
  public LarderSettings withRoot(Path other) {
    return new LarderSettings(
        home,
        other,
        ramFolder,
        ramLimit,
        ramGroup,
        cores,
        keptHistory,
        codecChoice,
        patience,
        drain,
        probe,
        movePause);
  }

  /** The same with other waiting times. */
  public LarderSettings withTimes(Duration otherPatience, Duration otherDrain) {
    return new LarderSettings(
        home,
        root,
        ramFolder,
        ramLimit,
        ramGroup,
        cores,
        keptHistory,
        codecChoice,
        otherPatience,
        otherDrain,
        probe,
        movePause);
  }

  /** The same with media measured, or not. */
  public LarderSettings withProbe(boolean wanted) {
    return new LarderSettings(
        home,
        root,
        ramFolder,
        ramLimit,
        ramGroup,
        cores,
        keptHistory,
        codecChoice,
        patience,
        drain,
        wanted,
        movePause);
  }

  /** The same with another time between two moves of a home. */
  public LarderSettings withMovePause(Duration pause) {
    return new LarderSettings(
        home,
        root,
        ramFolder,
        ramLimit,
        ramGroup,
        cores,
        keptHistory,
        codecChoice,
        patience,
        drain,
        probe,
        pause);
  }
}
