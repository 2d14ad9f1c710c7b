package dev.larder.tiering.tier;

import dev.larder.spi.media.DeviceDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Describes mounted file systems and the devices below them, from {@code proc/mounts} and {@code
 * sys} below a root that is handed in. Reads small files only and touches no device.
 */
public final class DeviceScanner {

  private static final Logger LOG = LoggerFactory.getLogger(DeviceScanner.class);

  private static final int MAX_ATTRIBUTE = 512;
  private static final int MAX_MOUNTS_BYTES = 4 << 20;

  /** What drivers may want to know of a disk; those that do not exist are left out. */
  private static final List<String> ATTRIBUTES =
      List.of(
          "size",
          "ro",
          "removable",
          "queue/rotational",
          "queue/physical_block_size",
          "queue/logical_block_size",
          "queue/minimum_io_size",
          "queue/optimal_io_size",
          "queue/discard_granularity",
          "queue/nr_requests",
          "queue/dax",
          "queue/write_cache",
          "badblocks",
          "loop/backing_file",
          "device/state",
          "device/type",
          "device/name",
          "device/model",
          "device/vendor",
          "device/manfid",
          "device/oemid",
          "device/date",
          "device/csd",
          "device/ssr",
          "device/scr",
          "device/life_time",
          "device/pre_eol_info",
          "device/erase_size",
          "device/preferred_erase_size",
          "device/enhanced_area_offset",
          "device/rev",
          "device/fwrev",
          "device/firmware_rev",
          "device/hwrev",
          "device/transport",
          "device/uevent",
          "uevent");

  /** In {@code device/hwmonN}, where N depends on the order in which drivers come up. */
  private static final List<String> SENSOR = List.of("temp1_input", "temp1_max", "temp1_alarm");

  private final Path root;

  /** A scanner below a root; {@code /} for the machine itself. */
  public DeviceScanner(Path root) {
    this.root = root;
  }

  /** All that is mounted now; of several mounts on one place the last. */
  public List<DeviceDescription> mounts() throws IOException {
    Map<String, DeviceDescription> byPlace = new LinkedHashMap<>();
    for (String line : table().lines().toList()) {
      String[] fields = line.split(" ");
      if (fields.length >= 3) {
        String place = unescape(fields[1]);
        byPlace.remove(place);
        String options = fields.length >= 4 ? fields[3] : "";
        byPlace.put(place, describe(unescape(fields[0]), place, fields[2], options));
      }
    }
    return new ArrayList<>(byPlace.values());
  }

  /** The table of mounts as it is now; another text means that something was mounted or not. */
  public String table() throws IOException {
    Path file = root.resolve("proc/mounts");
    if (!Files.isReadable(file)) {
      return "";
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_MOUNTS_BYTES), StandardCharsets.UTF_8);
    }
  }

  /** What a folder lies on; empty if that cannot be found out. */
  public Optional<DeviceDescription> below(Path folder) throws IOException {
    Path real = realOrParent(folder);
    return mounts().stream()
        .filter(mount -> real.startsWith(mount.mountPoint()))
        .max(Comparator.comparingInt(mount -> Path.of(mount.mountPoint()).getNameCount()));
  }

  /** Whether the kernel has a device of that name now. */
  boolean has(String kernelName) throws IOException {
    return Files.exists(root.resolve("sys/class/block").resolve(kernelName))
        || Files.exists(root.resolve("sys/block").resolve(kernelName))
        || Files.exists(partitionFolder(kernelName));
  }

  /**
   * Whether a folder still lies on a file system of a device that the kernel has no more: what was
   * pulled without being unmounted.
   */
  boolean isOrphan(Path folder, String kernelName) throws IOException {
    return !has(kernelName)
        && mountedFrom(folder).map(source -> source.endsWith("/" + kernelName)).orElse(false);
  }

  private Optional<String> mountedFrom(Path folder) throws IOException {
    String source = null;
    int longest = -1;
    for (String line : table().lines().toList()) {
      String[] fields = line.split(" ");
      Path place = fields.length >= 3 ? Path.of(unescape(fields[1])) : null;
      if (place != null && folder.startsWith(place) && place.getNameCount() >= longest) {
        longest = place.getNameCount();
        source = unescape(fields[0]);
      }
    }
    return Optional.ofNullable(source);
  }

  private static Path realOrParent(Path folder) throws IOException {
    Path at = folder.toAbsolutePath().normalize();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at.toRealPath();
  }

  private DeviceDescription describe(
      String source, String place, String fileSystem, String options) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put(DeviceDescription.MOUNT_OPTIONS, options);
    if (source.startsWith("/dev/")) {
      try {
        Path device = deviceFolder(source);
        if (Files.isDirectory(device)) {
          Path disk = diskOf(device);
          read(disk, attributes);
          return new DeviceDescription(place, fileSystem, name(device), name(disk), attributes);
        }
      } catch (IOException e) {
        LOG.debug("nothing found out of {} on {}", source, place, e);
      }
    }
    return new DeviceDescription(place, fileSystem, "", "", attributes);
  }

  /** {@code /dev/mapper/x} and the like are links to the kernel's own name. */
  private Path deviceFolder(String source) throws IOException {
    Path node = root.resolve(source.substring(1));
    String kernelName = name(Files.exists(node) ? node.toRealPath() : node);
    Path folder = root.resolve("sys/class/block").resolve(kernelName);
    if (Files.exists(folder)) {
      return folder.toRealPath();
    }
    Path disk = root.resolve("sys/block").resolve(kernelName);
    return Files.exists(disk) ? disk.toRealPath() : partitionFolder(kernelName);
  }

  private Path partitionFolder(String partition) throws IOException {
    Path disks = root.resolve("sys/block");
    if (Files.isDirectory(disks)) {
      try (var all = Files.newDirectoryStream(disks)) {
        for (Path disk : all) {
          Path inside = disk.resolve(partition);
          if (partition.startsWith(name(disk)) && Files.isDirectory(inside)) {
            return inside.toRealPath();
          }
        }
      }
    }
    return disks.resolve(partition);
  }

  /** A partition's parent is its disk; what a mapping stands on is its only slave. */
  private static Path diskOf(Path device) throws IOException {
    if (Files.exists(device.resolve("partition")) && device.getParent() != null) {
      return device.getParent();
    }
    Path slaves = device.resolve("slaves");
    if (Files.isDirectory(slaves)) {
      try (var all = Files.list(slaves)) {
        List<Path> below = all.limit(2).toList();
        if (below.size() == 1) {
          return diskOf(below.get(0).toRealPath());
        }
      }
    }
    return device;
  }

  private static void read(Path disk, Map<String, String> attributes) throws IOException {
    for (String attribute : ATTRIBUTES) {
      read(disk.resolve(attribute), attribute, attributes);
    }
    Path device = disk.resolve("device");
    if (Files.isDirectory(device)) {
      try (var sensors = Files.newDirectoryStream(device, "hwmon*")) {
        for (Path sensor : sensors) {
          for (String attribute : SENSOR) {
            read(sensor.resolve(attribute), "device/hwmon/" + attribute, attributes);
          }
        }
      }
    }
  }

  private static void read(Path file, String attribute, Map<String, String> attributes) {
    if (Files.isReadable(file) && !Files.isDirectory(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        String text = new String(in.readNBytes(MAX_ATTRIBUTE), StandardCharsets.UTF_8);
        attributes.put(attribute, text.strip());
      } catch (IOException e) {
        LOG.trace("{} cannot be read", file, e); // some attributes refuse; a hint less
      }
    }
  }

  private static String name(Path path) {
    Path last = path.getFileName();
    return last == null ? "" : last.toString();
  }

  /** Blanks and the like are written as three octal digits. */
  private static String unescape(String field) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\'
          && i + 3 < field.length()
          && field.substring(i + 1, i + 4).matches("[0-7]{3}")) {
        text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
