package dev.larder.bench;

import dev.larder.api.Digest;
import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Other tools that bring a file back from the medium to tmpfs, each time from cold files. */
final class Restores {

  /**
   * A tool.
   *
   * @param wall of the whole command
   * @param cpu user and system time of the command and its children, nanoseconds
   * @param stored bytes that the file system has allocated for what it reads
   */
  record Row(Restore tool, Sample wall, Sample cpu, long stored) {
    String name() {
      return tool.peer().name();
    }
  }

  private final LongSupplier nanoTime;
  private final PageCache pageCache;
  private final Path file;
  private final Digest digest;
  private final Path target;
  private final List<Run> ready = new ArrayList<>();
  private final List<Missing> missing = new ArrayList<>();

  /** A tool that has stored the file, and what it took to bring it back. */
  private record Run(Restore tool, long stored, List<Long> wall, List<Long> cpu) {
    Row row() {
      return new Row(tool, sample(wall), sample(cpu), stored);
    }

    private static Sample sample(List<Long> nanos) {
      return new Sample(nanos.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /**
   * Tools that bring a file back.
   *
   * @param file that is stored
   * @param tmpfs folder that it is brought back to
   */
  Restores(LongSupplier nanoTime, PageCache pageCache, Path file, Path tmpfs) throws CliException {
    this.nanoTime = nanoTime;
    this.pageCache = pageCache;
    this.file = file;
    this.digest = Sha256.of(file);
    this.target = tmpfs.resolve("restored");
  }

  /** Lets those that are on a search path store the file in a folder; the caller deletes it. */
  void prepare(Path folder, boolean all, String searchPath) {
    for (Restore tool : Restore.all(file, folder, target)) {
      if (!all && !tool.isPlain()) {
        continue;
      }
      Peer peer = tool.peer();
      String absent = peer.absent(searchPath);
      if (!absent.isEmpty()) {
        missing.add(new Missing(peer.name(), absent));
        continue;
      }
      try {
        for (List<String> command : peer.before()) {
          Tool.run(peer.environment(), command);
        }
        long stored = Tool.allocated(tool.stored());
        ready.add(new Run(tool, stored, new ArrayList<>(), new ArrayList<>()));
      } catch (CliException e) {
        missing.add(new Missing(peer.name(), e.describe()));
      }
    }
  }

  /**
   * Brings it back with each tool, in turn.
   *
   * @param backwards the last one first
   */
  void round(boolean backwards) throws IOException {
    List<Run> order = new ArrayList<>(ready);
    if (backwards) {
      Collections.reverse(order);
    }
    for (Run run : order) {
      try {
        restore(run);
      } catch (CliException e) {
        ready.remove(run); // one that does not work here is no reason to lose what was measured
        missing.add(new Missing(run.tool().peer().name(), e.describe()));
      }
    }
  }

  private void restore(Run run) throws CliException, IOException {
    Files.createDirectory(target);
    try {
      pageCache.drop(List.of(run.tool().stored()));
      long cpu = CpuTime.ofChildren();
      long start = nanoTime.getAsLong();
      Peer peer = run.tool().peer();
      Tool.run(peer.environment(), peer.command());
      long nanos = nanoTime.getAsLong() - start;
      cpu = CpuTime.ofChildren() - cpu;
      Sha256.check(onlyFile(), digest);
      run.wall().add(nanos);
      run.cpu().add(cpu);
    } finally {
      TemporaryGateway.delete(target);
    }
  }

  /** Some bring its folders back, too. */
  private Path onlyFile() throws CliException, IOException {
    try (Stream<Path> paths = Files.walk(target)) {
      return paths
          .filter(Files::isRegularFile)
          .findFirst()
          .orElseThrow(() -> new CliException("IO_ERROR", "nothing was brought back", ""));
    }
  }

  /** What was measured; {@code cp} is the first. */
  List<Row> rows() {
    return ready.stream().map(Run::row).toList();
  }

  /** How long {@code cp} took in each round, nanoseconds. */
  long[] copies() throws CliException {
    return ready.stream()
        .filter(run -> run.tool().peer().name().equals("cp"))
        .findFirst()
        .map(run -> run.wall().stream().mapToLong(Long::longValue).toArray())
        .orElseThrow(() -> new CliException("IO_ERROR", missing.get(0).line(), ""));
  }

  List<Missing> missing() {
    return missing;
  }
}
