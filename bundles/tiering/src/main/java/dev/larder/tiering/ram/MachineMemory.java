package dev.larder.tiering.ram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much memory the machine has and how much of it is left, within the control groups that this
 * process is in and their ancestors. Reads {@code proc} and {@code sys} below a root. Any thread.
 */
public final class MachineMemory {

  /** Control groups without a limit show a number near 2^63, rounded to pages. */
  private static final long UNLIMITED = 1L << 60;

  private static final String[] TOTAL = {"MemTotal"};
  private static final String[] AVAILABLE = {"MemAvailable"};

  private final Path root;

  /**
   * That of one machine.
   *
   * @param root where {@code proc} and {@code sys} are
   */
  public MachineMemory(Path root) {
    this.root = root;
  }

  /** Names of the files of a control group, and of what the kernel can take back from its files. */
  private enum Version {
    ONE(
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        new String[] {"total_inactive_file", "total_active_file"}),
    TWO("memory.max", "memory.current", new String[] {"inactive_file", "active_file"});

    private final String limit;
    private final String usage;
    private final String[] reclaimable;

    Version(String limit, String usage, String[] reclaimable) {
      this.limit = limit;
      this.usage = usage;
      this.reclaimable = reclaimable;
    }
  }

  private record Group(Path folder, Version version) {

    long limit() throws IOException {
      return read(folder.resolve(version.limit));
    }

    long left() throws IOException {
      long limit = limit();
      long usage = read(folder.resolve(version.usage));
      if (limit == Long.MAX_VALUE || usage == Long.MAX_VALUE) {
        return Long.MAX_VALUE;
      }
      long reclaimable = sum(folder.resolve("memory.stat"), version.reclaimable, 0);
      return Math.max(0, limit - usage + reclaimable);
    }
  }

  /** Bytes that this process may use: the machine's, or the least that a group allows. */
  public long totalBytes(long ifUnknown) throws IOException {
    long kib = sum(root.resolve("proc/meminfo"), TOTAL, -1);
    long least = kib < 0 ? ifUnknown : kib << 10;
    for (Group group : groups()) {
      least = Math.min(least, group.limit());
    }
    return least;
  }

  /**
   * Bytes that may be taken before somebody must be killed: what is free, or holds content of files
   * on disks that the kernel can drop. {@link Long#MAX_VALUE} if nobody tells.
   */
  public long availableBytes() throws IOException {
    long kib = sum(root.resolve("proc/meminfo"), AVAILABLE, -1);
    long least = kib < 0 ? Long.MAX_VALUE : kib << 10;
    for (Group group : groups()) {
      least = Math.min(least, group.left());
    }
    return least;
  }

  /**
   * A group is bound by its ancestors; in a container its own path is not visible, only the top.
   */
  private List<Group> groups() throws IOException {
    List<Group> groups = new ArrayList<>();
    Path file = root.resolve("proc/self/cgroup");
    if (!Files.isReadable(file)) {
      return groups;
    }
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      if (parts[1].isEmpty()) {
        upwards(root.resolve("sys/fs/cgroup"), parts[2], Version.TWO, groups);
      } else if (List.of(parts[1].split(",")).contains("memory")) {
        upwards(root.resolve("sys/fs/cgroup/memory"), parts[2], Version.ONE, groups);
      }
    }
    return groups;
  }

  private static void upwards(Path top, String group, Version version, List<Group> into) {
    Path at = top;
    into.add(new Group(at, version));
    for (Path part : Path.of(group.startsWith("/") ? group.substring(1) : group)) {
      if (!part.toString().isEmpty() && !part.toString().equals("..")) {
        at = at.resolve(part);
        into.add(new Group(at, version));
      }
    }
  }

  /** A number of bytes; {@link Long#MAX_VALUE} if there is none. */
  private static long read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return Long.MAX_VALUE;
    }
    long value = number(Files.readString(file).strip());
    return value < 0 || value >= UNLIMITED ? Long.MAX_VALUE : value; // "max"
  }

  /** The sum of some lines of a table; the given value if none of them is there. */
  private static long sum(Path file, String[] names, long ifUnknown) throws IOException {
    if (!Files.isReadable(file)) {
      return ifUnknown;
    }
    Map<String, Long> table = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split("[: ]+");
      if (words.length > 1) {
        table.put(words[0], number(words[1]));
      }
    }
    long sum = 0;
    boolean known = false;
    for (String name : names) {
      long value = table.getOrDefault(name, -1L);
      known |= value >= 0;
      sum += Math.max(0, value);
    }
    return known ? sum : ifUnknown;
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }
}
