package dev.larder.media.simulated;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A pack as the write cache shows it, and which of its bytes are not durable. Guarded by the disk.
 *
 * <p>Packs only grow and are cut off at the end, so one copy of the bytes is enough: a byte that is
 * there is either durable, or belongs to a write that is pending.
 */
final class StoredPack {

  private static final int SMALLEST = 4096;

  /** A write that is not durable. One whose force failed never becomes so by a later force. */
  private record Pending(long sequence, int from, int to, boolean orphan) {}

  private final long created;
  private boolean named;
  private byte[] bytes = new byte[SMALLEST];
  private int size;
  private final List<Pending> pending = new ArrayList<>();
  private boolean deleted;

  /**
   * An empty pack whose existence is not durable.
   *
   * @param created when, in the order of all changes of the disk
   */
  StoredPack(long created) {
    this.created = created;
  }

  StoredPack(StoredPack other) {
    this.created = other.created;
    this.named = other.named;
    this.bytes = other.bytes.clone();
    this.size = other.size;
    this.pending.addAll(other.pending);
  }

  int size() {
    return size;
  }

  byte[] bytes() {
    return bytes;
  }

  boolean isDeleted() {
    return deleted;
  }

  void deleted() {
    deleted = true;
  }

  int read(ByteBuffer target, long position) {
    int count = (int) Math.max(0, Math.min(target.remaining(), size - position));
    if (count > 0) {
      target.put(bytes, (int) position, count);
    }
    return count;
  }

  /** Takes some bytes of the buffer into the cache, behind some zeros. */
  void append(ByteBuffer source, int gap, int count, long sequence) {
    if (count == 0) {
      return;
    }
    grow(size + gap + count);
    Arrays.fill(bytes, size, size + gap, (byte) 0);
    size += gap;
    source.get(bytes, size, count);
    pending.add(new Pending(sequence, size, size + count, false));
    size += count;
  }

  private void grow(int wanted) {
    if (wanted > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(wanted, 2 * bytes.length));
    }
  }

  void force() {
    pending.removeIf(write -> !write.orphan());
    named = true;
  }

  /** The device gave up on what was pending, and will never try again. */
  void forceFailed() {
    pending.replaceAll(write -> new Pending(write.sequence(), write.from(), write.to(), true));
  }

  /** Cuts off the end, durably: nothing that was behind it ever comes back. */
  void truncate(int length) {
    size = length;
    pending.removeIf(write -> write.from() >= length);
    pending.replaceAll(
        write ->
            write.to() <= length
                ? write
                : new Pending(write.sequence(), write.from(), length, write.orphan()));
  }

  /** When the changes were made that are not durable. */
  LongStream pendingSequences() {
    return LongStream.concat(
        named ? LongStream.empty() : LongStream.of(created),
        pending.stream().mapToLong(Pending::sequence));
  }

  /**
   * What the medium holds after a cut.
   *
   * @param last the last change, in the order of all, that {@code PREFIX} and {@code TORN} keep
   * @param stale what may lie where a write did not get to; may be empty
   * @return false if not even the pack is there
   */
  boolean settle(PowerCut cut, long last, int sector, Random random, byte[] stale) {
    boolean exists =
        named
            || switch (cut) {
              case DROP -> false;
              case KEEP -> true;
              case PREFIX, TORN -> created <= last;
              case REORDER -> random.nextInt(4) > 0;
            };
    if (exists && !pending.isEmpty()) {
      settleWrites(cut, last, sector, random, stale);
    }
    pending.clear();
    named = true;
    return exists;
  }

  private void settleWrites(PowerCut cut, long last, int sector, Random random, byte[] stale) {
    switch (cut) {
      case DROP -> keep(kept(Long.MIN_VALUE), 0, random, stale);
      case KEEP -> {}
      case PREFIX -> keep(kept(last), 0, random, stale);
      case TORN -> tear(last, sector, random, stale);
      case REORDER -> reorder(sector, random, stale);
    }
  }

  /** The bytes that are durable or written up to some change. */
  private BitSet kept(long last) {
    BitSet kept = new BitSet(size);
    kept.set(0, size);
    for (Pending write : pending) {
      if (write.sequence() > last) {
        kept.clear(write.from(), write.to());
      }
    }
    return kept;
  }

  /**
   * Leaves only some bytes. The pack ends behind the last of them, or further on, where the length
   * had become durable before the bytes.
   */
  private void keep(BitSet kept, int atLeast, Random random, byte[] stale) {
    int end = Math.max(kept.length(), atLeast);
    for (int at = kept.nextClearBit(0); at < end; ) {
      int to = kept.nextSetBit(at);
      to = to < 0 || to > end ? end : to;
      lose(at, to, random, stale);
      at = kept.nextClearBit(to);
    }
    size = end;
  }

  private void lose(int from, int to, Random random, byte[] stale) {
    int offset =
        stale.length > to - from && random.nextBoolean()
            ? random.nextInt(stale.length - (to - from))
            : -1;
    if (offset >= 0) {
      System.arraycopy(stale, offset, bytes, from, to - from);
    } else {
      Arrays.fill(bytes, from, to, (byte) 0);
    }
  }

  private void reorder(int sector, Random random, byte[] stale) {
    int likely = random.nextInt(11);
    BitSet kept = kept(Long.MIN_VALUE);
    for (Pending write : pending) {
      for (int at = write.from(); at < write.to(); at = (at / sector + 1) * sector) {
        if (random.nextInt(10) < likely) {
          kept.set(at, Math.min(write.to(), (at / sector + 1) * sector));
        }
      }
    }
    int length =
        switch (random.nextInt(3)) {
          case 0 -> 0;
          case 1 -> size;
          default -> random.nextInt(size + 1);
        };
    keep(kept, length, random, stale);
  }

  /** The last write that got to the medium was torn: a sector of it is a mix of old and new. */
  private void tear(long last, int sector, Random random, byte[] stale) {
    Pending torn = null;
    for (Pending write : pending) {
      boolean later = torn == null || write.sequence() > torn.sequence();
      torn = write.sequence() <= last && later ? write : torn;
    }
    BitSet kept = kept(last);
    if (torn == null || torn.sequence() != last) {
      keep(kept, 0, random, stale);
      return;
    }
    int at = torn.from() + random.nextInt(torn.to() - torn.from());
    kept.clear(at, torn.to());
    int start = at / sector * sector;
    int end = Math.min(size, start + sector);
    keep(kept, random.nextBoolean() ? 0 : end, random, stale);
    mangle(start, Math.min(end, size), random);
  }

  private void mangle(int start, int end, Random random) {
    boolean noise = random.nextBoolean();
    for (int i = start; noise && i < end; i++) {
      bytes[i] = random.nextInt(3) == 0 ? (byte) random.nextInt() : bytes[i];
    }
  }

  /** Flips one bit. */
  void flip(int at, int bit) {
    bytes[at] ^= (byte) (1 << bit);
  }
}
