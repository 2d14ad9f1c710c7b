package dev.larder.itest.campaigns;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The acknowledgement log of the clients of a gateway, outside of it: each operation's intent
 * before it is sent, how it ended before the next one is, and what was seen after a crash.
 * Append-only; each line is forced before {@link #begin} or another method returns. Any thread.
 */
final class AckLog implements Closeable {

  static final String INTENT = "intent";
  static final String ACKNOWLEDGED = "ack";
  static final String REFUSED = "refused";
  static final String OBSERVED = "observed";
  static final String CUT = "cut";

  private final Path file;
  private final FileChannel channel;
  private final Oracle oracle = new Oracle();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, Operation> underWay = new HashMap<>();

  AckLog(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
  }

  /** Before an operation is sent. */
  synchronized Operation begin(String what, Map<String, String> targets) {
    Operation operation = new Operation(numbers.incrementAndGet(), what, targets);
    underWay.put(operation.number(), operation);
    write(INTENT + "\t" + operation.line());
    return operation;
  }

  /** It was acknowledged. */
  synchronized void acknowledged(Operation operation) {
    if (underWay.remove(operation.number()) != null) {
      write(ACKNOWLEDGED + "\t" + operation.number());
    }
  }

  /** It was refused, which promises that it has done nothing. */
  synchronized void refused(Operation operation) {
    if (underWay.remove(operation.number()) != null) {
      write(REFUSED + "\t" + operation.number());
    }
  }

  /**
   * Power or process is gone: what is under way now stays in doubt.
   *
   * @return what is in doubt
   */
  synchronized Collection<Operation> cut(String how) {
    List<Operation> doubtful = List.copyOf(underWay.values());
    underWay.clear();
    write(CUT + "\t" + how);
    return doubtful;
  }

  /** What a reference that was in doubt turned out to be; from now on it has to stay so. */
  synchronized void observed(String reference, String digest) {
    write(OBSERVED + "\t" + reference + "\t" + digest);
  }

  private void write(String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    oracle.accept(line);
  }

  /** Operations that were acknowledged until now. */
  synchronized long acknowledged() {
    return oracle.acknowledged();
  }

  /** What it amounts to. Only while no client is at work. */
  Oracle oracle() {
    return oracle;
  }

  /** Where it is. */
  Path file() {
    return file;
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }
}
