package dev.larder.store.index;

import dev.larder.api.Digest;
import dev.larder.store.format.Footer;
import dev.larder.store.format.StoredBlock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * Where each block is: a hash table off the heap, open addressing with linear probing. An entry
 * takes 52 bytes and at most 11 bytes of slots. Thread-safe.
 */
public final class BlockTable {

  /** A block that something other than its first writer refers to, too. */
  static final int SHARED = 0x10;

  /** A block that a collection has found alive. */
  static final int MARKED = 0x20;

  /** A block whose stored form failed its check: a put stores it anew. */
  static final int BAD = 0x40;

  /** A block that an artifact already decides the place of. */
  static final int CLAIMED = 0x80;

  private static final int FLAGS_AT = 32;
  private static final int CODEC_AT = 36;
  private static final int PACK_AT = 48;
  private static final int DELETED = -1;

  private final StampedLock lock = new StampedLock();
  private final EntrySegments entries = new EntrySegments();
  private ByteBuffer slots = ByteBuffer.allocate(16 * Integer.BYTES);
  private int slotCount = 16;
  private int usedSlots;
  private int live;
  private int badCount;
  private int freeEntry = -1;
  private long rawBytes;
  private long storedBytes;

  /** Where a block is; null if it is not here. */
  public @Nullable BlockLocation find(Digest hash) {
    long stamp = lock.readLock();
    try {
      int entry = lookUp(hash);
      return entry < 0 ? null : location(entry);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Whether a block is here and not known to be bad. */
  public boolean usable(Digest hash) {
    long stamp = lock.readLock();
    try {
      int entry = lookUp(hash);
      return entry >= 0 && (flags(entry) & BAD) == 0;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /**
   * Takes a block into use by one more: marks it alive.
   *
   * @return where it is; null if it is not here or bad
   */
  public @Nullable BlockLocation bind(Digest hash) {
    long stamp = lock.writeLock();
    try {
      int entry = lookUp(hash);
      if (entry < 0 || (flags(entry) & BAD) != 0) {
        return null;
      }
      setFlags(entry, flags(entry) | SHARED | MARKED);
      return location(entry);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Adds a block, marked alive, or gives it a new place. */
  public void put(Digest hash, BlockLocation location) {
    long stamp = lock.writeLock();
    try {
      int entry = lookUp(hash);
      int keep = 0;
      if (entry >= 0) {
        keep = flags(entry) & (SHARED | CLAIMED);
        keep |= (flags(entry) & BAD) != 0 ? SHARED : 0; // those that had the bad one have this, too
        notBad(entry);
        account(entry, -1);
        live--;
      } else {
        entry = insert(hash);
      }
      write(entry, location, keep | MARKED);
      account(entry, 1);
      live++;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Notes that the stored form at a place failed its check; false if it has moved meanwhile. */
  public boolean bad(Digest hash, BlockLocation at) {
    long stamp = lock.writeLock();
    try {
      int entry = lookUp(hash);
      boolean there = entry >= 0 && location(entry).samePlace(at);
      if (there && (flags(entry) & BAD) == 0) {
        setFlags(entry, flags(entry) | BAD);
        badCount++;
      }
      return there;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private void notBad(int entry) {
    if ((flags(entry) & BAD) != 0) {
      badCount--;
    }
  }

  /** How many blocks are known to be bad. */
  public int badCount() {
    long stamp = lock.readLock();
    try {
      return badCount;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /**
   * Lets an artifact decide the place of a block, unless another one does already.
   *
   * @return where the block is; null if it is not here, bad, or another's
   */
  public @Nullable BlockLocation claim(Digest hash) {
    long stamp = lock.writeLock();
    try {
      int entry = lookUp(hash);
      if (entry < 0 || (flags(entry) & (BAD | CLAIMED)) != 0) {
        return null;
      }
      setFlags(entry, flags(entry) | CLAIMED);
      return location(entry);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Marks a block alive; false if it is not here or was marked before. */
  public boolean mark(Digest hash) {
    long stamp = lock.writeLock();
    try {
      int entry = lookUp(hash);
      if (entry < 0 || (flags(entry) & MARKED) != 0) {
        return false;
      }
      setFlags(entry, flags(entry) | MARKED);
      return true;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Whether a block is here and marked alive. */
  public boolean isAlive(Digest hash) {
    long stamp = lock.readLock();
    try {
      int entry = lookUp(hash);
      return entry >= 0 && (flags(entry) & MARKED) != 0;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Takes all marks and claims away. */
  public void clearMarks() {
    long stamp = lock.writeLock();
    try {
      for (int entry = 0; entry < entries.size(); entry++) {
        setFlags(entry, flags(entry) & ~(MARKED | CLAIMED));
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Removes what is not marked; returns how many. */
  public long sweep() {
    return removeIf(entry -> (flags(entry) & MARKED) == 0);
  }

  /** Removes a block unless something else has come to refer to it. */
  public void removeUnshared(Digest hash) {
    long stamp = lock.writeLock();
    try {
      int entry = lookUp(hash);
      if (entry >= 0 && (flags(entry) & SHARED) == 0) {
        remove(entry);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private interface EntryTest {
    boolean test(int entry);
  }

  private long removeIf(EntryTest dead) {
    long stamp = lock.writeLock();
    try {
      long removed = 0;
      for (int entry = 0; entry < entries.size(); entry++) {
        if (pack(entry) != 0 && dead.test(entry)) {
          remove(entry);
          removed++;
        }
      }
      return removed;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Takes one block after another. */
  public interface Visitor {
    /** Takes a block; it must not touch the table. */
    void block(Digest hash, BlockLocation location);
  }

  /** Visits all blocks, while nobody can change the table. */
  public void forEach(Visitor visitor) {
    long stamp = lock.readLock();
    try {
      for (int entry = 0; entry < entries.size(); entry++) {
        if (pack(entry) != 0) {
          visitor.block(hash(entry), location(entry));
        }
      }
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Visits the blocks that are marked alive, while nobody can change the table. */
  public void forEachAlive(Visitor visitor) {
    long stamp = lock.readLock();
    try {
      for (int entry = 0; entry < entries.size(); entry++) {
        if (pack(entry) != 0 && (flags(entry) & MARKED) != 0) {
          visitor.block(hash(entry), location(entry));
        }
      }
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** The blocks of one pack, in order of their offsets. */
  public List<Footer.IndexedBlock> ofPack(int pack) {
    List<Footer.IndexedBlock> blocks = new ArrayList<>();
    long stamp = lock.readLock();
    try {
      for (int entry = 0; entry < entries.size(); entry++) {
        if (pack(entry) == pack) {
          BlockLocation at = location(entry);
          blocks.add(new Footer.IndexedBlock(hash(entry), at.offset(), at.form()));
        }
      }
    } finally {
      lock.unlockRead(stamp);
    }
    blocks.sort((a, b) -> Integer.compare(a.offset(), b.offset()));
    return blocks;
  }

  /** How many blocks. */
  public int size() {
    long stamp = lock.readLock();
    try {
      return live;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Unencoded bytes of all blocks. */
  public long rawBytes() {
    long stamp = lock.readLock();
    try {
      return rawBytes;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Encoded bytes of all blocks. */
  public long storedBytes() {
    long stamp = lock.readLock();
    try {
      return storedBytes;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Memory that it takes. */
  public long bytes() {
    long stamp = lock.readLock();
    try {
      return entries.bytes() + (long) slotCount * Integer.BYTES;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  private int lookUp(Digest hash) {
    int mask = slotCount - 1;
    for (int slot = home(hash.a()); ; slot = (slot + 1) & mask) {
      int value = slots.getInt(slot * Integer.BYTES);
      if (value == 0) {
        return -1;
      }
      if (value != DELETED && entries.matches(value - 1, hash)) {
        return value - 1;
      }
    }
  }

  private int home(long firstHashBytes) {
    return (int) firstHashBytes & (slotCount - 1);
  }

  private int insert(Digest hash) {
    if ((usedSlots + 1) * 4L > slotCount * 3L) {
      rehash();
    }
    int entry = freeEntry;
    if (entry >= 0) {
      freeEntry = entries.getInt(entry, 0);
    } else {
      entry = entries.add();
    }
    entries.putHash(entry, hash);
    occupy(hash.a(), entry);
    return entry;
  }

  private void occupy(long firstHashBytes, int entry) {
    int mask = slotCount - 1;
    int slot = home(firstHashBytes);
    while (slots.getInt(slot * Integer.BYTES) > 0) {
      slot = (slot + 1) & mask;
    }
    if (slots.getInt(slot * Integer.BYTES) == 0) {
      usedSlots++;
    }
    slots.putInt(slot * Integer.BYTES, entry + 1);
  }

  private void rehash() {
    int wanted = slotCount;
    while ((live + 1) * 8L > wanted * 5L) {
      wanted *= 2;
    }
    slotCount = wanted;
    int bytes = wanted * Integer.BYTES;
    slots = bytes <= 64 << 10 ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    usedSlots = 0;
    for (int entry = 0; entry < entries.size(); entry++) {
      if (pack(entry) != 0) {
        occupy(entries.getLong(entry, 0), entry);
      }
    }
  }

  private void remove(int entry) {
    int mask = slotCount - 1;
    int slot = home(entries.getLong(entry, 0));
    while (slots.getInt(slot * Integer.BYTES) != entry + 1) {
      slot = (slot + 1) & mask;
    }
    slots.putInt(slot * Integer.BYTES, DELETED);
    notBad(entry);
    account(entry, -1);
    live--;
    entries.putInt(entry, PACK_AT, 0);
    entries.putInt(entry, 0, freeEntry);
    freeEntry = entry;
  }

  private void write(int entry, BlockLocation location, int ownFlags) {
    StoredBlock form = location.form();
    int flags = (form.flags() & StoredBlock.STORED_FLAGS) | ownFlags;
    entries.putInt(entry, FLAGS_AT, flags << 24 | form.raw());
    entries.putInt(entry, CODEC_AT, form.codec() << 24 | form.stored());
    entries.putInt(entry, CODEC_AT + 4, form.crc());
    entries.putInt(entry, CODEC_AT + 8, location.offset());
    entries.putInt(entry, PACK_AT, location.pack());
  }

  private BlockLocation location(int entry) {
    int first = entries.getInt(entry, FLAGS_AT);
    int second = entries.getInt(entry, CODEC_AT);
    StoredBlock form =
        new StoredBlock(
            first & 0xFF_FFFF,
            second & 0xFF_FFFF,
            second >>> 24,
            first >>> 24 & StoredBlock.STORED_FLAGS,
            entries.getInt(entry, CODEC_AT + 4));
    return new BlockLocation(pack(entry), entries.getInt(entry, CODEC_AT + 8), form);
  }

  private Digest hash(int entry) {
    return entries.hash(entry);
  }

  private int pack(int entry) {
    return entries.getInt(entry, PACK_AT);
  }

  private int flags(int entry) {
    return entries.getInt(entry, FLAGS_AT) >>> 24;
  }

  private void setFlags(int entry, int flags) {
    entries.putInt(entry, FLAGS_AT, flags << 24 | entries.getInt(entry, FLAGS_AT) & 0xFF_FFFF);
  }

  private void account(int entry, int sign) {
    rawBytes += sign * (long) (entries.getInt(entry, FLAGS_AT) & 0xFF_FFFF);
    storedBytes += sign * (long) (entries.getInt(entry, CODEC_AT) & 0xFF_FFFF);
  }
}
