package dev.larder.media.simulated;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumHealth;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A simulated disk, opened. Dead once the disk was taken away or has lost its power. */
final class SimulatedMedium implements Medium {

  private static final int MAX_SUPERBLOCK_BYTES = 64 << 10;

  private final SimulatedDisk disk;
  private final OptionalLong limit;
  private volatile boolean closed;

  SimulatedMedium(SimulatedDisk disk, OptionalLong limit) {
    this.disk = disk;
    this.limit = limit;
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Fails unless it can be used. */
  void requireAlive() throws IOException {
    if (closed) {
      throw new LarderException(
          ErrorCode.UNAVAILABLE,
          "the volume on disk " + disk.spec().name() + " is closed",
          "open it again");
    }
    if (!disk.isPresent()) {
      throw SimulatedDisk.gone("disk " + disk.spec().name() + " was taken away");
    }
    if (!disk.isOpen(this)) {
      throw new IOException("disk " + disk.spec().name() + " lost its power since it was opened");
    }
  }

  @Override
  public MediaProfile profile() {
    return disk.spec().profile();
  }

  @Override
  public String description() {
    return "simulated " + disk.spec().name();
  }

  @Override
  public boolean writable() {
    return true;
  }

  private long limit() {
    return Math.min(disk.spec().capacityBytes(), limit.orElse(Long.MAX_VALUE));
  }

  @Override
  public Capacity capacity() throws IOException {
    requireAlive();
    synchronized (disk) {
      long allocated = disk.allocated();
      return new Capacity(limit(), Math.max(0, limit() - allocated), allocated);
    }
  }

  @Override
  public MediumHealth health() {
    return new MediumHealth(
        OptionalDouble.empty(), "simulated: nothing on it outlives the process");
  }

  @Override
  public Optional<ByteBuffer> readSuperblock(int copy) throws IOException {
    return disk.look(
        this,
        Operation.READ_SUPERBLOCK,
        0,
        Cancellation.NEVER,
        () -> disk.superblock(copy).map(bytes -> ByteBuffer.wrap(bytes.clone())));
  }

  @Override
  public void replaceSuperblock(int copy, ByteBuffer content) throws IOException {
    if (content.remaining() > MAX_SUPERBLOCK_BYTES) {
      throw new IllegalArgumentException("a superblock of " + content.remaining() + " bytes");
    }
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    disk.change(
        this,
        Operation.WRITE_SUPERBLOCK,
        bytes.length,
        durable -> {
          if (disk.superblock(copy).isEmpty() && disk.allocated() + bytes.length > limit()) {
            throw full("a superblock");
          }
          disk.replaceSuperblock(copy, bytes, durable);
        });
  }

  private MediumFullException full(String what) {
    return SimulatedDisk.full("disk " + disk.spec().name() + " has no room for " + what);
  }

  @Override
  public List<PackEntry> packs() throws IOException {
    return disk.look(
        this,
        Operation.LIST,
        0,
        Cancellation.NEVER,
        () ->
            disk.packs().entrySet().stream()
                .map(pack -> new PackEntry(pack.getKey(), pack.getValue().size()))
                .toList());
  }

  @Override
  public PackFile createPack(long number, long expectedBytes) throws IOException {
    if (number < 1) {
      throw new IllegalArgumentException("pack number " + number + " is less than 1");
    }
    SimulatedPack[] made = new SimulatedPack[1];
    disk.change(
        this,
        Operation.CREATE,
        0,
        durable -> {
          StoredPack pack = new StoredPack(disk.sequence());
          if (disk.packs().putIfAbsent(number, pack) != null) {
            throw new IOException("there is a pack " + number + " already");
          }
          made[0] = new SimulatedPack(this, number, pack, true);
        });
    return made[0];
  }

  @Override
  public PackFile openPack(long number, boolean append) throws IOException {
    return disk.look(
        this,
        Operation.OPEN,
        0,
        Cancellation.NEVER,
        () -> {
          StoredPack pack = disk.packs().get(number);
          if (pack == null) {
            throw new IOException("there is no pack " + number);
          }
          return new SimulatedPack(this, number, pack, append);
        });
  }

  @Override
  public void deletePack(long number) throws IOException {
    disk.change(this, Operation.DELETE, 0, durable -> disk.delete(number, durable));
  }

  /** How many of some bytes still fit behind a pack's end; the disk is locked. */
  int fitting(StoredPack pack, int bytes) {
    return disk.fitting(pack, bytes, limit());
  }

  @Override
  public void close() {
    closed = true;
    disk.closed(this);
  }
}
