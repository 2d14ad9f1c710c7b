package dev.larder.tiering.ram;

import dev.larder.api.PolicyInfo;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.tiering.plugin.PluginRegistry;
import dev.larder.tiering.plugin.PolicySelector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for a RAM cache, on tmpfs where there is one; and the policies that it needs. */
public final class RamTestFolder implements AutoCloseable {

  private static final Path TMPFS = Path.of("/dev/shm");

  private final Path folder;

  public RamTestFolder() throws IOException {
    Path base = Files.isWritable(TMPFS) ? TMPFS : Path.of(System.getProperty("java.io.tmpdir"));
    folder = Files.createTempDirectory(base, "larder-test-");
  }

  /** A folder of its own that is not there yet. */
  public Path ram() {
    return folder.resolve("ram");
  }

  public Path base() {
    return folder;
  }

  /** No policy but the built-in one. */
  public static PolicySelector<CachePolicy> builtIn() {
    return selector(new PluginRegistry<>("policy", Duration.ofSeconds(5)), BuiltInLru.NAME);
  }

  public static PolicySelector<CachePolicy> selector(
      PluginRegistry<CachePolicy> registry, String configured) {
    return new PolicySelector<>(
        PolicyInfo.Service.CACHE, registry, BuiltInLru.NAME, new BuiltInLru(), configured);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
