package dev.larder.tiering.names;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import dev.larder.tiering.home.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of references that some volume could not be told of since it was away: a log in the home,
 * one line for each, forced before the change is acknowledged. With it, a volume that comes back
 * after a restart while the one with the newer change is away does not pass off its own content as
 * the newest. It is emptied once all volumes are there and have been told. Any thread.
 *
 * <p>A line is {@code CRC32C HOLDER LAMPORT GATEWAY SEQUENCE MILLIS SUPERSEDED TARGET NAME:TAG}; a
 * target of {@code -} is a deletion. A line whose checksum is wrong was never acknowledged.
 */
public final class UntoldChanges {

  private static final Logger LOG = LoggerFactory.getLogger(UntoldChanges.class);
  private static final int FIELDS = 9;

  /** So many lines are rewritten, to one for each name, when most of them are outdated. */
  private static final int WORTH_REWRITING = 4096;

  private final Path file;
  private final Map<Reference, Untold> newest = new LinkedHashMap<>(); // guarded by this
  private int lines; // guarded by this
  private @Nullable FileChannel channel; // guarded by this

  /**
   * A change and who holds it.
   *
   * @param holder volume that has the change
   * @param change what changed
   */
  public record Untold(UUID holder, ReferenceChange change) {}

  private UntoldChanges(Path file) {
    this.file = file;
  }

  /** Reads what is there. */
  public static UntoldChanges open(Path file) throws LarderException {
    UntoldChanges untold = new UntoldChanges(file);
    try {
      if (Files.exists(file)) {
        try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
          lines.forEach(line -> parse(line).ifPresent(untold::take));
        }
      }
      return untold;
    } catch (IOException | java.io.UncheckedIOException e) {
      throw untold.failed("read", e);
    }
  }

  private synchronized void take(Untold untold) {
    lines++;
    newest.merge(
        untold.change().reference(),
        untold,
        (a, b) -> a.change().stamp().compareTo(b.change().stamp()) > 0 ? a : b);
  }

  /** The newest change of each name. */
  public synchronized List<Untold> all() {
    return List.copyOf(newest.values());
  }

  /** Whether there is none. */
  public synchronized boolean isEmpty() {
    return newest.isEmpty();
  }

  /** Takes note of changes; durable on return. */
  public synchronized void add(UUID holder, Collection<ReferenceChange> changes)
      throws LarderException {
    StringBuilder text = new StringBuilder();
    for (ReferenceChange change : changes) {
      Untold untold = new Untold(holder, change);
      text.append(line(untold));
      take(untold);
    }
    try {
      if (lines > WORTH_REWRITING && lines > 2 * newest.size()) {
        rewrite();
      } else {
        append(text.toString());
      }
    } catch (IOException e) {
      throw failed("write", e);
    }
  }

  private void append(String text) throws IOException {
    FileChannel open = channel;
    if (open == null) {
      if (!Files.exists(file)) {
        DurableFiles.write(file, ""); // its name is durable from here on
      }
      open = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      channel = open;
      text = "\n" + text; // a line that a power cut has torn ends here
    }
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      open.write(bytes);
    }
    open.force(false);
  }

  private void rewrite() throws IOException {
    StringBuilder text = new StringBuilder();
    newest.values().forEach(untold -> text.append(line(untold)));
    close();
    DurableFiles.write(file, text.toString());
    lines = newest.size();
  }

  /** Everybody has been told. */
  public synchronized void clear() throws LarderException {
    if (lines == 0 && !Files.exists(file)) {
      return;
    }
    try {
      close();
      DurableFiles.delete(file);
      newest.clear();
      lines = 0;
    } catch (IOException e) {
      throw failed("delete", e);
    }
  }

  /** Forgets what a volume holds that is no longer a tier. */
  public synchronized void forget(UUID holder) throws LarderException {
    if (newest.values().removeIf(untold -> untold.holder().equals(holder))) {
      try {
        rewrite();
      } catch (IOException e) {
        throw failed("write", e);
      }
    }
  }

  /** Lets go of the file. */
  public synchronized void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.warn("{} was not closed in order", file, e);
    } finally {
      channel = null;
    }
  }

  private static String line(Untold untold) {
    ReferenceChange change = untold.change();
    Stamp stamp = change.stamp();
    String rest =
        String.join(
            " ",
            untold.holder().toString(),
            Long.toString(stamp.lamport()),
            stamp.gateway().toString(),
            Long.toString(stamp.sequence()),
            Long.toString(stamp.wallMillis()),
            Long.toString(change.supersedes()),
            change.target().map(Digest::toString).orElse("-"),
            change.reference().toString());
    return checksum(rest) + " " + rest + "\n";
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return Long.toHexString(crc.getValue());
  }

  private static Optional<Untold> parse(String line) {
    int blank = line.indexOf(' ');
    if (blank < 0 || !line.substring(0, blank).equals(checksum(line.substring(blank + 1)))) {
      return Optional.empty();
    }
    String[] fields = line.split(" ");
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    try {
      Stamp stamp =
          new Stamp(
              Long.parseLong(fields[2]),
              UUID.fromString(fields[3]),
              Long.parseLong(fields[4]),
              Long.parseLong(fields[5]));
      Optional<Digest> target =
          "-".equals(fields[7]) ? Optional.empty() : Optional.of(Digest.parse(fields[7]));
      ReferenceChange change =
          new ReferenceChange(Reference.parse(fields[8]), target, stamp, Long.parseLong(fields[6]));
      return Optional.of(new Untold(UUID.fromString(fields[1]), change));
    } catch (IllegalArgumentException e) {
      LOG.warn("a line of the log of changes is no change: {}", line, e);
      return Optional.empty();
    }
  }

  private LarderException failed(String what, Exception e) {
    return new LarderException(
        ErrorCode.IO_ERROR,
        "cannot " + what + " the changes that volumes have missed, in " + file + ": " + e,
        "check the owner and the free space of the home",
        e);
  }
}
