package dev.larder.itest.fuzz;

import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumHealth;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A medium in memory that holds whatever it was given; a small one. */
final class HostileMedium implements Medium {

  private static final MediaProfile PROFILE =
      new MediaProfile(
          MediaClass.OTHER, 10, 1_000_000_000, 1_000_000_000, 4, 64 << 10, 512, 512, 0, true);

  /** Large enough for the reserve and a small put. */
  private static final long CAPACITY = 16 << 20;

  private static final class Pack {
    private byte[] bytes;
    private int size;
    private boolean deleted;

    Pack(byte[] bytes) {
      this.bytes = bytes;
      this.size = bytes.length;
    }
  }

  private final byte[][] superblocks = new byte[SUPERBLOCK_COPIES][];
  private final Map<Long, Pack> packs = new TreeMap<>();
  private final boolean writable;

  HostileMedium(boolean writable) {
    this.writable = writable;
  }

  void superblock(int copy, byte[] bytes) {
    superblocks[copy] = bytes;
  }

  void pack(long number, byte[] bytes) {
    packs.put(number, new Pack(bytes));
  }

  private long used() {
    return packs.values().stream().mapToLong(pack -> pack.size).sum();
  }

  @Override
  public MediaProfile profile() {
    return PROFILE;
  }

  @Override
  public String description() {
    return "hostile";
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public Capacity capacity() {
    return new Capacity(CAPACITY, Math.max(0, CAPACITY - used()), used());
  }

  @Override
  public MediumHealth health() {
    return MediumHealth.UNKNOWN;
  }

  @Override
  public Optional<ByteBuffer> readSuperblock(int copy) {
    return Optional.ofNullable(superblocks[copy]).map(bytes -> ByteBuffer.wrap(bytes.clone()));
  }

  @Override
  public void replaceSuperblock(int copy, ByteBuffer content) throws IOException {
    requireWritable();
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    superblocks[copy] = bytes;
  }

  @Override
  public List<PackEntry> packs() {
    return packs.entrySet().stream()
        .map(entry -> new PackEntry(entry.getKey(), entry.getValue().size))
        .toList();
  }

  @Override
  public PackFile createPack(long number, long expectedBytes) throws IOException {
    requireWritable();
    Pack pack = new Pack(new byte[0]);
    if (packs.putIfAbsent(number, pack) != null) {
      throw new AssertionError("pack " + number + " was made twice");
    }
    return new File(pack);
  }

  @Override
  public PackFile openPack(long number, boolean append) throws IOException {
    Pack pack = packs.get(number);
    if (pack == null) {
      throw new AssertionError("pack " + number + " is not there");
    }
    return new File(pack);
  }

  @Override
  public void deletePack(long number) throws IOException {
    requireWritable();
    Pack pack = packs.remove(number);
    if (pack == null) {
      throw new AssertionError("pack " + number + " is not there");
    }
    pack.deleted = true;
  }

  @Override
  public void close() {}

  private void requireWritable() {
    if (!writable) {
      throw new AssertionError("written to, though it is read-only");
    }
  }

  private final class File implements PackFile {
    private final Pack pack;
    private boolean closed;

    File(Pack pack) {
      this.pack = pack;
    }

    private void requireUsable() {
      if (closed || pack.deleted) {
        throw new AssertionError("used after it was closed or deleted");
      }
    }

    @Override
    public long size() {
      requireUsable();
      return pack.size;
    }

    @Override
    public int read(ByteBuffer target, long position, Cancellation cancellation) {
      requireUsable();
      if (position < 0) {
        throw new AssertionError("read at " + position);
      }
      int count = (int) Math.max(0, Math.min(target.remaining(), pack.size - position));
      if (count > 0) {
        target.put(pack.bytes, (int) position, count);
      }
      return count;
    }

    @Override
    public void append(ByteBuffer source, long position) throws IOException {
      requireUsable();
      requireWritable();
      if (position < pack.size) {
        throw new AssertionError("append at " + position + " of " + pack.size);
      }
      int gap = (int) (position - pack.size);
      if (used() + gap + source.remaining() > CAPACITY) {
        throw new MediumFullException("full", null);
      }
      int size = pack.size + gap + source.remaining();
      if (size > pack.bytes.length) {
        pack.bytes = Arrays.copyOf(pack.bytes, Math.max(size, 2 * pack.bytes.length));
      }
      Arrays.fill(pack.bytes, pack.size, pack.size + gap, (byte) 0);
      source.get(pack.bytes, pack.size + gap, source.remaining());
      pack.size = size;
    }

    @Override
    public void force() {
      requireUsable();
    }

    @Override
    public void seal() {
      requireUsable();
    }

    @Override
    public void truncate(long size) {
      requireUsable();
      requireWritable();
      pack.size = (int) Math.min(pack.size, size);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
