package dev.larder.tiering.ram;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Tells processes apart, also when the system gives a number out again. */
@FunctionalInterface
public interface Processes {

  /** When the process of that number started, in the system's own units; empty if there is none. */
  OptionalLong startOf(long pid);

  /** Those of this machine, from {@code /proc}. */
  static Processes ofThisMachine() {
    return of(Path.of("/proc"));
  }

  /** Those of a {@code /proc} that is mounted there. */
  static Processes of(Path proc) {
    return pid -> {
      try {
        byte[] stat = Files.readAllBytes(proc.resolve(pid + "/stat"));
        return startTime(new String(stat, StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        return OptionalLong.empty(); // ended, perhaps while it was read
      }
    };
  }

  /**
   * Field 22 of {@code /proc/PID/stat}; a name in brackets, which may hold anything, is field 2.
   */
  private static OptionalLong startTime(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
    boolean ended = fields.length < 20 || fields[0].equals("Z") || fields[0].equals("X");
    try {
      return ended ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(fields[19]));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
