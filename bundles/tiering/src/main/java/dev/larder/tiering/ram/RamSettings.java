package dev.larder.tiering.ram;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a RAM cache is set up.
 *
 * @param folder made if it is missing; should be on tmpfs
 * @param limitBytes most bytes that its files may take; capped at ¾ of the file system
 * @param group group that may read, by name; the owner's own if empty
 * @param memory what the files take their bytes from, if the folder is on tmpfs
 * @param roomWait how long a load waits for room that other loads hold before it fails
 */
public record RamSettings(
    Path folder, long limitBytes, Optional<String> group, MachineMemory memory, Duration roomWait) {

  /** Checks the limit. */
  public RamSettings {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("the RAM cache's limit is negative: " + limitBytes);
    }
  }

  /** Defaults for the rest. */
  public static RamSettings of(Path folder, long limitBytes) {
    return new RamSettings(
        folder,
        limitBytes,
        Optional.empty(),
        new MachineMemory(Path.of("/")),
        Duration.ofSeconds(30));
  }
}
