package dev.larder.bench.cache;

import dev.larder.cli.CliException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A whole trace in memory: 12 bytes for each access, and about 100 for each key. Keys are numbered
 * in the order of their first access.
 */
public final class Trace {

  /** What the memory of a usual machine holds. */
  private static final int MOST_ACCESSES = 50_000_000;

  private final String name;
  private final int[] keys;
  private final long[] sizes;
  private final int distinct;
  private final long footprint;
  private final long requested;

  private Trace(String name, int[] keys, long[] sizes, int distinct, long footprint) {
    this.name = name;
    this.keys = keys;
    this.sizes = sizes;
    this.distinct = distinct;
    this.footprint = footprint;
    this.requested = Arrays.stream(sizes).sum();
  }

  /**
   * Reads a trace.
   *
   * @param equalSizes count each object as one, whatever its size
   */
  public static Trace read(Path file, boolean equalSizes) throws CliException {
    Map<Long, Integer> numbers = new HashMap<>();
    int[] keys = new int[1 << 16];
    long[] sizes = new long[1 << 16];
    int count = 0;
    try (TraceReader reader = new TraceReader(file)) {
      while (reader.next()) {
        if (count == MOST_ACCESSES) {
          throw new CliException(
              "INVALID_TRACE", file + " has more than " + count + " accesses", "take a part of it");
        }
        if (count == keys.length) {
          keys = Arrays.copyOf(keys, 2 * count);
          sizes = Arrays.copyOf(sizes, 2 * count);
        }
        keys[count] = numbers.computeIfAbsent(reader.key(), key -> numbers.size());
        sizes[count++] = equalSizes ? 1 : reader.size();
      }
    }
    if (count == 0) {
      throw new CliException(
          "INVALID_TRACE", file + " has no access", "lines are 'time TAB key TAB size'");
    }
    keys = Arrays.copyOf(keys, count);
    sizes = Arrays.copyOf(sizes, count);
    long[] last = new long[numbers.size()];
    for (int i = 0; i < count; i++) {
      last[keys[i]] = sizes[i];
    }
    return new Trace(name(file), keys, sizes, last.length, Arrays.stream(last).sum());
  }

  private static String name(Path file) {
    return file.toAbsolutePath().getFileName().toString().replaceFirst("\\.tsv(\\.gz)?$", "");
  }

  /** The file's, without its ending. */
  public String name() {
    return name;
  }

  /** How many accesses it has. */
  public int length() {
    return keys.length;
  }

  /** Number of the key of an access, from 0. */
  public int key(int access) {
    return keys[access];
  }

  /** Size of an access in bytes. */
  public long size(int access) {
    return sizes[access];
  }

  /** How many different keys there are. */
  public int distinct() {
    return distinct;
  }

  /** Bytes of all objects, each with the size that it has at last. */
  public long footprint() {
    return footprint;
  }

  /** Bytes of all accesses. */
  public long requested() {
    return requested;
  }
}
