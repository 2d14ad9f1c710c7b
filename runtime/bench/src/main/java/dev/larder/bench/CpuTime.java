package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** CPU time of processes, user and system together, as {@code /proc} has it. */
final class CpuTime {
  /** Linux shows programs a hundred ticks a second, whatever it counts itself. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Path PROC = Path.of("/proc");

  /** Fields of {@code /proc/PID/stat} behind the name in brackets, see proc(5). */
  private static final int UTIME = 11;

  private static final int STIME = 12;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;

  private CpuTime() {}

  /** Nanoseconds of all children of this process that have ended, with their own children. */
  static long ofChildren() throws CliException {
    return sum("self", CUTIME, CSTIME);
  }

  /** Nanoseconds of a process and its children that have ended. */
  static long of(long pid) throws CliException {
    return sum(Long.toString(pid), UTIME, STIME, CUTIME, CSTIME);
  }

  private static long sum(String process, int... fields) throws CliException {
    Path file = PROC.resolve(process).resolve("stat");
    try {
      String line = Files.readString(file);
      String[] values = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = 0;
      for (int field : fields) {
        ticks += Long.parseLong(values[field]);
      }
      return ticks * TICK_NANOS;
    } catch (IOException e) {
      throw new CliException(
          "IO_ERROR", "cannot read " + file + ": " + e.getMessage(), "is /proc mounted?");
    }
  }
}
