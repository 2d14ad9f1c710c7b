package dev.larder.bench.cache;

import dev.larder.cli.CliException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads the accesses of a trace one after the other: lines of {@code time TAB key TAB size}, plain
 * or with gzip. A key that is no number of 64 bits is hashed. Empty lines and those that begin with
 * {@code #} are skipped. Not safe for use by several threads.
 */
public final class TraceReader implements AutoCloseable {

  /** Bytes that an object may have. */
  public static final long MOST_SIZE = 1L << 50;

  private static final int LONGEST_LINE = 4096;
  private static final int GZIP_MAGIC = 0x1f8b;

  private final Path file;
  private final InputStream in;
  private final byte[] line = new byte[LONGEST_LINE];
  private int length;
  private long number;
  private double time;
  private long key;
  private long size;

  /** Opens a file. */
  public TraceReader(Path file) throws CliException {
    this.file = file;
    try {
      this.in = open(file);
    } catch (NoSuchFileException e) {
      throw new CliException(
          "IO_ERROR", "there is no trace " + file, "name a file of lines 'time TAB key TAB size'");
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream plain = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      plain.mark(2);
      int magic = plain.read() << 8 | plain.read();
      plain.reset();
      return magic == GZIP_MAGIC
          ? new BufferedInputStream(new GZIPInputStream(plain, 1 << 16), 1 << 16)
          : plain;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private CliException unreadable(IOException e) {
    boolean cut = e instanceof EOFException || e instanceof ZipException;
    return new CliException(
        "IO_ERROR",
        "cannot read the trace " + file + " behind line " + number + ": " + e.getMessage(),
        cut ? "the gzip file is cut off or damaged: fetch it again" : "");
  }

  /** Goes to the next access; false at the end. */
  public boolean next() throws CliException {
    try {
      while (readLine()) {
        if (length > 0 && line[0] != '#') {
          parse();
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private boolean readLine() throws IOException, CliException {
    length = 0;
    int c = in.read();
    if (c < 0) {
      return false;
    }
    number++;
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (length == LONGEST_LINE) {
        throw wrong("it has more than " + LONGEST_LINE + " bytes");
      }
      line[length++] = (byte) c;
    }
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return true;
  }

  private void parse() throws CliException {
    int first = tab(0);
    int second = tab(first + 1);
    time = decimal(text(0, first));
    key = key(text(first + 1, second));
    int end = second + 1;
    while (end < length && line[end] != '\t') {
      end++;
    }
    size = size(text(second + 1, end));
  }

  private int tab(int from) throws CliException {
    for (int i = from; i < length; i++) {
      if (line[i] == '\t') {
        return i;
      }
    }
    throw wrong("it has less than three columns");
  }

  private String text(int from, int to) {
    return new String(line, from, to - from, StandardCharsets.UTF_8);
  }

  private double decimal(String text) throws CliException {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw wrong("'" + text + "' is no time");
  }

  private static long key(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      long hash = 0xcbf29ce484222325L; // FNV-1a
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
      }
      return hash;
    }
  }

  private long size(String text) throws CliException {
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && value <= MOST_SIZE) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw wrong("'" + text + "' is no size between 0 and " + MOST_SIZE);
  }

  private CliException wrong(String what) {
    return new CliException(
        "INVALID_TRACE",
        file + ", line " + number + ": " + what,
        "lines are 'time TAB key TAB size', the size in bytes");
  }

  /** Time of the access, in the unit of the trace. */
  public double time() {
    return time;
  }

  /** What is accessed. */
  public long key() {
    return key;
  }

  /** Its size in bytes. */
  public long size() {
    return size;
  }

  /** Number of the line, from 1. */
  public long line() {
    return number;
  }

  @Override
  public void close() throws CliException {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
