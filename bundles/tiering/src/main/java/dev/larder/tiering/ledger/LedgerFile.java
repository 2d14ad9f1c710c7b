package dev.larder.tiering.ledger;

import dev.larder.spi.cache.LedgerEntry;
import dev.larder.tiering.home.DurableFiles;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger in the home, so that a restart starts warm: the entries that were used last, at most
 * {@value #MOST}. What was resident is remembered only, until the cache finds that it still has it.
 * A file that is not as it should be is as good as none.
 *
 * <p>All numbers big-endian: {@code LARDLEDG}, version (4 bytes, 1); then 52 bytes an entry: key
 * (8), size (8), last tick (8), {@link LedgerEntry#HALF_LIVES} counts (4 each), reload cost in
 * microseconds (4); then the logical time (8), and a CRC32C of all before it (4). The length tells
 * how many entries there are.
 *
 * <p>Any thread; the ledger's lock is held for microseconds at a time.
 */
public final class LedgerFile {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerFile.class);

  /** Most entries in a file: 3.5 MB. */
  static final int MOST = 65_536;

  private static final long MAGIC = 0x4C41_5244_4C45_4447L; // LARDLEDG
  private static final int VERSION = 1;
  private static final int HEADER = Long.BYTES + Integer.BYTES;
  private static final int ENTRY = 3 * Long.BYTES + (LedgerEntry.HALF_LIVES + 1) * Float.BYTES;
  private static final int TRAILER = Long.BYTES + Integer.BYTES;
  private static final int BATCH = 64;

  private final Optional<Path> file;
  private final Ledger ledger;
  private final Lock lock;
  private long noted; // guarded by this

  /**
   * The file of a ledger.
   *
   * @param file where; empty for nowhere
   * @param lock the ledger's
   */
  public LedgerFile(Optional<Path> file, Ledger ledger, Lock lock) {
    this.file = file;
    this.ledger = ledger;
    this.lock = lock;
  }

  /** Reads it into the ledger, which is empty. A file that is damaged or foreign is left out. */
  public synchronized void restore() {
    if (file.isEmpty() || !Files.exists(file.get())) {
      return;
    }
    try {
      read(file.get());
    } catch (IOException e) {
      LOG.warn("what was used before the start is not known from {}: {}", file.get(), e.toString());
    }
  }

  private void read(Path path) throws IOException {
    long entries = (Files.size(path) - HEADER - TRAILER) / ENTRY;
    if (entries < 0 || entries > MOST) {
      throw new IOException("it has " + Files.size(path) + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    int end = HEADER + (int) entries * ENTRY;
    if (bytes.capacity() != end + TRAILER || bytes.getLong() != MAGIC) {
      throw new IOException("it is no ledger");
    }
    int version = bytes.getInt();
    if (version != VERSION) {
      throw new IOException("it has version " + version + ", not " + VERSION);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, end + Long.BYTES);
    if (bytes.getInt(end + Long.BYTES) != (int) crc.getValue()) {
      throw new IOException("its checksum is wrong");
    }
    restore(bytes, (int) entries, bytes.getLong(end));
  }

  private void restore(ByteBuffer in, int entries, long now) {
    LedgerRecord entry = new LedgerRecord();
    lock.lock();
    try {
      ledger.continueFrom(Math.max(0, now));
      for (int i = 0; i < entries; i++) {
        decode(in, entry);
        boolean plausible = entry.size >= 0 && entry.lastTick >= 0 && entry.lastTick <= now;
        for (float count : entry.counts) {
          plausible &= Float.isFinite(count);
        }
        if (plausible) {
          ledger.restore(entry);
        }
      }
      noted = ledger.now();
    } finally {
      lock.unlock();
    }
  }

  private static void decode(ByteBuffer in, LedgerRecord entry) {
    entry.key = in.getLong();
    entry.size = in.getLong();
    entry.lastTick = in.getLong();
    for (int i = 0; i < LedgerEntry.HALF_LIVES; i++) {
      entry.counts[i] = in.getFloat();
    }
    entry.reloadMicros = in.getFloat();
  }

  private static void encode(LedgerRecord entry, DataOutputStream out) throws IOException {
    out.writeLong(entry.key);
    out.writeLong(entry.size);
    out.writeLong(entry.lastTick);
    for (float count : entry.counts) {
      out.writeFloat(count);
    }
    out.writeFloat(entry.reloadMicros);
  }

  /** Replaces it by how the ledger is now, if there were accesses since the last time. */
  public synchronized void note() {
    if (file.isEmpty()) {
      return;
    }
    long now;
    Ledger.Ages ages;
    lock.lock();
    try {
      now = ledger.now();
      if (now == noted) {
        return;
      }
      ages = ledger.ages();
    } finally {
      lock.unlock();
    }
    try {
      DurableFiles.write(file.get(), out -> write(out, newest(ages)));
      noted = now;
    } catch (IOException e) {
      LOG.warn("what was used lately cannot be noted: {}", e.toString());
    }
  }

  /** Keys of the entries that were used last. */
  private static long[] newest(Ledger.Ages ages) {
    int length = ages.keys().length;
    if (length <= MOST) {
      return ages.keys();
    }
    long[] sorted = ages.lastTicks().clone();
    Arrays.sort(sorted);
    long first = sorted[length - MOST];
    long[] keys = new long[MOST];
    int count = 0;
    for (int i = 0; i < length && count < MOST; i++) {
      if (ages.lastTicks()[i] >= first) {
        keys[count++] = ages.keys()[i];
      }
    }
    return Arrays.copyOf(keys, count);
  }

  private void write(OutputStream raw, long[] keys) throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(raw, new CRC32C());
    DataOutputStream out = new DataOutputStream(checked);
    out.writeLong(MAGIC);
    out.writeInt(VERSION);
    LedgerRecord[] batch = new LedgerRecord[BATCH];
    Arrays.setAll(batch, i -> new LedgerRecord());
    for (int from = 0; from < keys.length; from += BATCH) {
      int count = read(keys, from, batch);
      for (int i = 0; i < count; i++) {
        encode(batch[i], out);
      }
    }
    out.writeLong(now()); // no entry is ahead of it
    out.writeInt((int) checked.getChecksum().getValue());
    out.flush();
  }

  private long now() {
    lock.lock();
    try {
      return ledger.now();
    } finally {
      lock.unlock();
    }
  }

  /** Those that are still known. */
  private int read(long[] keys, int from, LedgerRecord[] batch) {
    int count = 0;
    lock.lock();
    try {
      for (int i = from; i < Math.min(keys.length, from + BATCH); i++) {
        if (ledger.read(keys[i], batch[count])) {
          count++;
        }
      }
    } finally {
      lock.unlock();
    }
    return count;
  }

  /** Deletes it: there is no such cache any more. */
  public synchronized void delete() {
    try {
      if (file.isPresent()) {
        DurableFiles.delete(file.get());
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", file.get(), e.toString());
    }
  }
}
