package dev.larder.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel tells below a root that is handed in: {@code /} for the machine itself, a
 * recorded tree in tests. Reads small files only, and takes what cannot be read for not there.
 */
public class Machine {

  private static final Logger LOG = LoggerFactory.getLogger(Machine.class);
  private static final int MOST_BYTES = 4 << 20;
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  private final Path root;

  /**
   * A machine.
   *
   * @param root with no links in it
   */
  public Machine(Path root) {
    this.root = root;
  }

  /**
   * Room of a file system.
   *
   * @param blockBytes of its unit of allocation
   */
  public record Space(long totalBytes, long usableBytes, long blockBytes) {}

  /** A small file, without the blanks around it. */
  Optional<String> text(String path) {
    Path file = root.resolve(path.substring(1));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      LOG.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  /** All mounts, from {@code /proc/self/mountinfo}: see proc_pid_mountinfo(5). */
  List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    for (String line : text("/proc/self/mountinfo").orElse("").lines().toList()) {
      String[] halves = line.split(" - ", 2);
      String[] mount = halves[0].split(" ");
      String[] system = halves.length == 2 ? halves[1].split(" ") : new String[0];
      if (mount.length >= 6 && system.length >= 3) {
        mounts.add(
            new Mount(
                unescape(system[1]),
                unescape(mount[4]),
                system[0],
                mount[2],
                Mount.options(mount[5], system[2])));
      }
    }
    return mounts;
  }

  private static String unescape(String field) {
    return OCTAL
        .matcher(field)
        .replaceAll(
            octal ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
  }

  /** What a folder lies on: of several mounts on one place the last. */
  Optional<Mount> mountOf(Path folder) {
    Path at = real(folder);
    List<Mount> mounts = mounts();
    return mounts.stream()
        .filter(mount -> at.startsWith(mount.place()))
        .max(
            Comparator.comparingInt((Mount mount) -> Path.of(mount.place()).getNameCount())
                .thenComparingInt(mounts::indexOf));
  }

  private Path real(Path folder) {
    Path at = folder.toAbsolutePath().normalize();
    if (root.getNameCount() > 0) {
      return at; // a tree that was recorded elsewhere
    }
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    try {
      return at.toRealPath();
    } catch (IOException e) {
      LOG.debug("{} cannot be resolved", at, e);
      return at;
    }
  }

  /**
   * An attribute of the disk that a file system is on; empty if it is on none, or the kernel does
   * not say.
   */
  Optional<String> disk(Mount mount, String attribute) {
    return diskFolder(mount).flatMap(folder -> text(folder + "/" + attribute));
  }

  /** Kernel's name of the disk, such as {@code mmcblk0}. */
  Optional<String> diskName(Mount mount) {
    return diskFolder(mount).map(folder -> folder.substring(folder.lastIndexOf('/') + 1));
  }

  private Optional<String> diskFolder(Mount mount) {
    return deviceFolder(mount).map(device -> "/" + diskOf(device));
  }

  private String diskOf(Path device) {
    Path parent = device.getParent();
    boolean partition = parent != null && Files.exists(device.resolve("partition"));
    return root.relativize(partition ? parent : device).toString();
  }

  /** By number; btrfs and the like have numbers of their own, and are found by name. */
  private Optional<Path> deviceFolder(Mount mount) {
    List<String> ways = new ArrayList<>(List.of("sys/dev/block/" + mount.device()));
    if (mount.source().startsWith("/dev/")) {
      ways.add("sys/class/block/" + name(mount.source()));
    }
    for (String way : ways) {
      Path folder = root.resolve(way);
      if (Files.isDirectory(folder)) {
        try {
          return Optional.of(folder.toRealPath());
        } catch (IOException e) {
          LOG.debug("{} cannot be resolved", folder, e);
        }
      }
    }
    return Optional.empty();
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Kernel's name of the partition, disk or mapping that a file system is on; may be empty. */
  String kernelName(Mount mount) {
    return deviceFolder(mount).map(folder -> name(folder.toString())).orElse(name(mount.source()));
  }

  /** Room where a folder is; empty if it cannot be had. */
  Optional<Space> space(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return Optional.of(
          new Space(store.getTotalSpace(), store.getUsableSpace(), store.getBlockSize()));
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("no room known at {}", folder, e);
      return Optional.empty();
    }
  }
}
