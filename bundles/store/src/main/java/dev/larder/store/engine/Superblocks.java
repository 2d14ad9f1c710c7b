package dev.larder.store.engine;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Medium;
import dev.larder.store.format.Layout;
import dev.larder.store.format.Superblock;
import dev.larder.store.pack.Counters;
import dev.larder.store.pack.Uninterrupted;
import dev.larder.store.pack.VolumeErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/** The superblock of a volume and its two copies. Writes are guarded by the stream's lock. */
public final class Superblocks {

  private final Medium medium;
  private final Counters counters;
  private volatile Superblock current;
  private boolean alone;

  private Superblocks(Medium medium, Counters counters, Superblock current, boolean alone) {
    this.medium = medium;
    this.counters = counters;
    this.current = current;
    this.alone = alone;
  }

  /** Reads the superblock, or makes one on a medium that holds nothing at all. */
  static Superblocks open(Medium medium, UUID gateway, Counters counters) throws IOException {
    boolean present = false;
    Superblock best = null;
    int good = 0;
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      int number = copy;
      Optional<ByteBuffer> bytes = Uninterrupted.call(() -> medium.readSuperblock(number));
      present |= bytes.isPresent();
      Optional<Superblock> read =
          bytes.isPresent() ? Superblock.decode(bytes.get()) : Optional.empty();
      good += read.isPresent() ? 1 : 0;
      if (read.isPresent() && (best == null || read.get().generation() > best.generation())) {
        best = read.get();
      }
    }
    if (best != null) {
      return new Superblocks(medium, counters, best, good < Medium.SUPERBLOCK_COPIES);
    }
    if (present || !medium.packs().isEmpty()) {
      throw new LarderException(
          ErrorCode.CORRUPT,
          "no copy of the superblock on "
              + medium.description()
              + " can be read, but data is there",
          "restore 'superblock' from a backup of the volume, or move its files away to start anew");
    }
    return create(medium, gateway, counters);
  }

  private static Superblocks create(Medium medium, UUID gateway, Counters counters)
      throws IOException {
    if (!medium.writable()) {
      throw new LarderException(
          ErrorCode.READ_ONLY,
          "there is no volume on " + medium.description() + " and none can be made",
          "mount it writable, or use another tier");
    }
    SecureRandom random = new SecureRandom();
    Superblock first =
        new Superblock(
            0,
            UUID.randomUUID(),
            1,
            gateway,
            medium.profile().sectorBytes(),
            packTarget(medium.capacity().totalBytes()),
            random.nextLong(),
            0,
            0,
            0,
            0,
            0);
    Superblocks made = new Superblocks(medium, counters, first, true);
    made.write(first);
    made.complete();
    return made;
  }

  /** Writes the other copy anew if it is missing or damaged: one more failure would be the last. */
  void complete() throws IOException {
    if (alone) {
      write(current);
      alone = false;
    }
  }

  /** A 256th of the capacity, as a power of two from 1 MiB to 256 MiB. */
  static long packTarget(long capacity) {
    long share = Math.max(1, capacity / 256);
    long power = Long.highestOneBit(share);
    long rounded = share - power > power / 2 ? power * 2 : power;
    return Math.min(Layout.MAX_PACK, Math.max(Layout.MIN_PACK, rounded));
  }

  /** What holds now. */
  public Superblock current() {
    return current;
  }

  /** Writes the copy that is the older one. */
  void write(Superblock changed) throws IOException {
    if (current.generation() == Long.MAX_VALUE || changed.epoch() <= 0) {
      throw new VolumeErrors(changed.volume(), medium.description()).usedUp();
    }
    Superblock next = changed.next();
    int copy = (int) (next.generation() % Medium.SUPERBLOCK_COPIES);
    Uninterrupted.run(() -> medium.replaceSuperblock(copy, next.encode()));
    counters.written(Layout.SUPERBLOCK_BYTES);
    current = next;
  }
}
