package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The most memory that a process has resident and shares with nobody, looked at ten times a second.
 */
final class ResidentMemory implements AutoCloseable {
  private static final int EVERY_MILLIS = 100;

  private final Path status;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private volatile long peak;

  private ResidentMemory(Path status) {
    this.status = status;
  }

  /** Watches a process until it is closed. */
  static ResidentMemory of(long pid) throws CliException {
    ResidentMemory memory = new ResidentMemory(Path.of("/proc/" + pid + "/status"));
    try {
      memory.look();
    } catch (IOException e) {
      throw new CliException(
          "IO_ERROR",
          "cannot read " + memory.status + ": " + e.getMessage(),
          "run it as the user of the gateway");
    }
    memory.timer.scheduleAtFixedRate(
        memory::lookAgain, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return memory;
  }

  /** VmRSS − RssShmem at its highest, bytes. */
  long peak() {
    return peak;
  }

  private void lookAgain() {
    try {
      look();
    } catch (IOException e) {
      timer.shutdown(); // the process has ended: what was seen before counts
    }
  }

  private void look() throws IOException {
    List<String> lines = Files.readAllLines(status);
    peak = Math.max(peak, kilobytes(lines, "VmRSS:") - kilobytes(lines, "RssShmem:") << 10);
  }

  private static long kilobytes(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
