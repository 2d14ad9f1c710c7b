package dev.larder.tiering;

import dev.larder.api.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where the RAM cache is and how much it may take, where nobody says. Reads {@code proc}, {@code
 * sys} and {@code dev/shm} below a root that is handed in.
 */
final class RamDefaults {

  private static final long FALLBACK_MEMORY = 1L << 30;

  /** Control groups without a limit show a number near 2^63, rounded to pages. */
  private static final long UNLIMITED = 1L << 60;

  private final Path root;

  RamDefaults(Path root) {
    this.root = root;
  }

  /** {@code /dev/shm/larder-UID-ID}, or a folder of the home where there is no tmpfs. */
  Path folder(Path home) throws IOException {
    Path shared = root.resolve("dev/shm");
    if (tmpfsBytes(shared).isPresent() && Files.isWritable(shared)) {
      return shared.resolve("larder-" + userId() + "-" + idOf(home));
    }
    return home.resolve("ram");
  }

  /** A quarter of memory or of the control group's limit; at most three quarters of the tmpfs. */
  long limit(Path folder) throws IOException {
    long memory = Math.min(machineMemory(), controlGroupLimit().orElse(Long.MAX_VALUE));
    long quarter = memory / 4;
    OptionalLong tmpfs = tmpfsBytes(existing(folder));
    return tmpfs.isPresent() ? Math.min(quarter, tmpfs.getAsLong() / 4 * 3) : quarter;
  }

  private static Path existing(Path folder) {
    Path at = folder.toAbsolutePath();
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private static OptionalLong tmpfsBytes(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return OptionalLong.empty();
    }
    FileStore store = Files.getFileStore(folder);
    boolean usable = store.type().equals("tmpfs") && store.getTotalSpace() > 0;
    return usable ? OptionalLong.of(store.getTotalSpace()) : OptionalLong.empty();
  }

  private static String userId() throws IOException {
    return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private static String idOf(Path home) {
    try {
      byte[] name = home.toString().getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(name);
      return Digest.of(hash).toString().substring(0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private long machineMemory() throws IOException {
    Path file = root.resolve("proc/meminfo");
    if (Files.isReadable(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("MemTotal:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    }
    return FALLBACK_MEMORY;
  }

  private OptionalLong controlGroupLimit() throws IOException {
    Path file = root.resolve("proc/self/cgroup");
    OptionalLong least = OptionalLong.empty();
    if (!Files.isReadable(file)) {
      return least;
    }
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split(":", 3);
      if (parts.length < 3) {
        continue;
      }
      if (parts[1].isEmpty()) {
        least = least(least, leastUpwards(root.resolve("sys/fs/cgroup"), parts[2], "memory.max"));
      } else if (List.of(parts[1].split(",")).contains("memory")) {
        Path top = root.resolve("sys/fs/cgroup/memory");
        least = least(least, leastUpwards(top, parts[2], "memory.limit_in_bytes"));
      }
    }
    return least;
  }

  /**
   * A group is bound by its ancestors; in a container its own path is not visible, only the top.
   */
  private static OptionalLong leastUpwards(Path top, String group, String file) throws IOException {
    OptionalLong least = read(top.resolve(file));
    Path at = top;
    for (Path part : Path.of(group.startsWith("/") ? group.substring(1) : group)) {
      if (part.toString().isEmpty() || part.toString().equals("..")) {
        continue;
      }
      at = at.resolve(part);
      least = least(least, read(at.resolve(file)));
    }
    return least;
  }

  private static OptionalLong read(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    String text = Files.readString(file).strip();
    if (!text.matches("[0-9]{1,19}")) {
      return OptionalLong.empty(); // "max"
    }
    long value = Long.parseUnsignedLong(text);
    return value < 0 || value >= UNLIMITED ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static OptionalLong least(OptionalLong a, OptionalLong b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    return a.getAsLong() <= b.getAsLong() ? a : b;
  }
}
