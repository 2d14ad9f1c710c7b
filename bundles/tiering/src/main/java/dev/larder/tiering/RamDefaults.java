package dev.larder.tiering;

import dev.larder.api.Digest;
import dev.larder.tiering.ram.MachineMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;

/**
 * Where the RAM cache is and how much it may take, where nobody says. Reads {@code proc}, {@code
 * sys} and {@code dev/shm} below a root that is handed in.
 */
final class RamDefaults {

  private static final long FALLBACK_MEMORY = 1L << 30;

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
    long quarter = new MachineMemory(root).totalBytes(FALLBACK_MEMORY) / 4;
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
}
