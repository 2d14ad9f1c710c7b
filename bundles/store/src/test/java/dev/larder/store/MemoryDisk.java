package dev.larder.store;

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
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk with a volatile write cache. {@link #open} gives a medium on it; {@link #powerCut}
 * forgets, keeps or tears what was not forced.
 */
final class MemoryDisk {

  static final int SECTOR = 512;

  /** What happens to sectors that were not forced. */
  enum Cut {
    DROP,
    KEEP,
    TEAR
  }

  /** Called before each operation that changes something. */
  interface Fault {
    void before(String operation) throws IOException;
  }

  /** One pack. */
  static final class Pack {
    byte[] bytes = new byte[1024];
    int size;
    int durable;
    boolean durableExists;
    boolean deleted;
  }

  final Map<Long, Pack> packs = new TreeMap<>();
  final byte[][] superblocks = new byte[2][];
  final AtomicLong operations = new AtomicLong();
  final AtomicLong forces = new AtomicLong();
  final AtomicLong reads = new AtomicLong();
  volatile Fault fault = operation -> {};
  volatile boolean writable = true;
  volatile long forceNanos;
  volatile int generation;
  volatile int openFiles;
  long capacity;

  MemoryDisk(long capacity) {
    this.capacity = capacity;
  }

  MemoryDisk() {
    this(256L << 20);
  }

  Medium open() {
    return new MemoryMedium(++generation);
  }

  synchronized long used() {
    return packs.values().stream().mapToLong(pack -> pack.size).sum() + 2 * 4096;
  }

  /** Everything that is not forced is at the mercy of the cut; media opened before are dead. */
  synchronized void powerCut(Cut cut, Random random) {
    generation++;
    fault = operation -> {};
    packs
        .values()
        .removeIf(
            pack ->
                !pack.durableExists
                    && (cut == Cut.DROP || (cut == Cut.TEAR && random.nextBoolean())));
    for (Pack pack : packs.values()) {
      if (cut == Cut.DROP) {
        pack.size = pack.durable;
      } else if (cut == Cut.TEAR) {
        pack.size = pack.durable + random.nextInt(pack.size - pack.durable + 1);
        int start = (pack.durable + SECTOR - 1) / SECTOR * SECTOR;
        for (int at = start; at < pack.size; at += SECTOR) {
          if (random.nextInt(4) == 0) {
            Arrays.fill(pack.bytes, at, Math.min(at + SECTOR, pack.size), (byte) 0);
          }
        }
      }
      pack.durable = pack.size;
      pack.durableExists = true;
    }
  }

  /** A copy that has nothing to do with this one. */
  synchronized MemoryDisk copy() {
    MemoryDisk copy = new MemoryDisk(capacity);
    packs.forEach(
        (number, pack) -> {
          Pack other = new Pack();
          other.bytes = pack.bytes.clone();
          other.size = pack.size;
          other.durable = pack.durable;
          other.durableExists = pack.durableExists;
          copy.packs.put(number, other);
        });
    for (int i = 0; i < 2; i++) {
      copy.superblocks[i] = superblocks[i] == null ? null : superblocks[i].clone();
    }
    return copy;
  }

  private final class MemoryMedium implements Medium {
    private final int opened;

    MemoryMedium(int opened) {
      this.opened = opened;
    }

    private void change(String operation) throws IOException {
      alive();
      if (!writable) {
        throw new IOException("read-only");
      }
      operations.incrementAndGet();
      fault.before(operation);
    }

    private void alive() throws IOException {
      if (opened != generation) {
        throw new IOException("no power");
      }
    }

    @Override
    public MediaProfile profile() {
      return new MediaProfile(
          MediaClass.OTHER, 10, 1_000_000_000, 1_000_000_000, 8, 1 << 20, 4096, SECTOR, 0, true);
    }

    @Override
    public String description() {
      return "memory";
    }

    @Override
    public boolean writable() {
      return writable;
    }

    @Override
    public Capacity capacity() {
      long used = used();
      return new Capacity(capacity, Math.max(0, capacity - used), used);
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
      change("superblock");
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      superblocks[copy] = bytes;
    }

    @Override
    public List<PackEntry> packs() {
      synchronized (MemoryDisk.this) {
        return packs.entrySet().stream()
            .map(entry -> new PackEntry(entry.getKey(), entry.getValue().size))
            .toList();
      }
    }

    @Override
    public PackFile createPack(long number, long expectedBytes) throws IOException {
      change("create");
      synchronized (MemoryDisk.this) {
        if (packs.containsKey(number)) {
          throw new IOException("pack " + number + " is there");
        }
        Pack pack = new Pack();
        packs.put(number, pack);
        return new MemoryFile(pack);
      }
    }

    @Override
    public PackFile openPack(long number, boolean append) throws IOException {
      alive();
      synchronized (MemoryDisk.this) {
        Pack pack = packs.get(number);
        if (pack == null) {
          throw new IOException("no pack " + number);
        }
        return new MemoryFile(pack);
      }
    }

    @Override
    public void deletePack(long number) throws IOException {
      change("delete");
      synchronized (MemoryDisk.this) {
        packs.remove(number).deleted = true;
      }
    }

    @Override
    public void close() {}

    private final class MemoryFile implements PackFile {
      private final Pack pack;
      private volatile boolean closed;

      MemoryFile(Pack pack) {
        this.pack = pack;
        synchronized (MemoryDisk.this) {
          openFiles++;
        }
      }

      private void usable() throws IOException {
        alive();
        if (closed || pack.deleted) {
          throw new IOException("closed or deleted");
        }
      }

      @Override
      public long size() {
        synchronized (MemoryDisk.this) {
          return pack.size;
        }
      }

      @Override
      public int read(ByteBuffer target, long position, Cancellation cancellation)
          throws IOException {
        usable();
        reads.incrementAndGet();
        synchronized (MemoryDisk.this) {
          int count = (int) Math.max(0, Math.min(target.remaining(), pack.size - position));
          target.put(pack.bytes, (int) Math.min(position, pack.size), count);
          return count;
        }
      }

      @Override
      public void append(ByteBuffer source, long position) throws IOException {
        usable();
        synchronized (MemoryDisk.this) {
          if (position < pack.size) {
            throw new IOException("append at " + position + " of " + pack.size);
          }
        }
        change("append");
        synchronized (MemoryDisk.this) {
          int gap = (int) (position - pack.size);
          long room = Math.max(0, capacity - used() - gap);
          int count = (int) Math.min(room, source.remaining());
          int end = pack.size + gap + count;
          if (end > pack.bytes.length) {
            pack.bytes = Arrays.copyOf(pack.bytes, Math.max(pack.bytes.length * 2, end));
          }
          Arrays.fill(pack.bytes, pack.size, pack.size + gap, (byte) 0);
          pack.size += gap;
          boolean full = count < source.remaining();
          source.get(pack.bytes, pack.size, count);
          pack.size += count;
          if (full) {
            throw new MediumFullException("full", null);
          }
        }
      }

      @Override
      public void force() throws IOException {
        usable();
        int size;
        synchronized (MemoryDisk.this) {
          size = pack.size;
        }
        change("force");
        forces.incrementAndGet();
        if (forceNanos > 0) {
          java.util.concurrent.locks.LockSupport.parkNanos(forceNanos);
        }
        synchronized (MemoryDisk.this) {
          pack.durable = Math.max(pack.durable, Math.min(size, pack.size));
          pack.durableExists = true;
        }
      }

      @Override
      public void seal() throws IOException {
        force();
      }

      @Override
      public void truncate(long size) throws IOException {
        usable();
        change("truncate");
        synchronized (MemoryDisk.this) {
          pack.size = (int) Math.min(pack.size, size);
          pack.durable = Math.min(pack.durable, pack.size);
        }
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          synchronized (MemoryDisk.this) {
            openFiles--;
          }
        }
      }
    }
  }
}
