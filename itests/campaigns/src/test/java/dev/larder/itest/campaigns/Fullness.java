package dev.larder.itest.campaigns;

import dev.larder.api.FormatId;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumHealth;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import dev.larder.spi.media.Recognition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Lets the media of a driver be full from the n-th write on, until there is room again. A write is
 * whatever needs room: making a pack, appending to one, sealing it, replacing a superblock. Any
 * thread.
 */
final class Fullness {

  private long writes;
  private long fullFrom = Long.MAX_VALUE;
  private long refused;

  /** From the n-th write of now on there is no room. */
  synchronized void fullAt(long n) {
    fullFrom = writes + n;
  }

  /** There is room again. */
  synchronized void roomAgain() {
    fullFrom = Long.MAX_VALUE;
  }

  /** Writes that were asked for. */
  synchronized long writes() {
    return writes;
  }

  /** Writes that were refused. */
  synchronized long refused() {
    return refused;
  }

  private synchronized void write(String what) throws MediumFullException {
    if (++writes >= fullFrom) {
      refused++;
      throw new MediumFullException("no room (" + what + ")", null);
    }
  }

  /** A driver whose media may be full. */
  MediaDriver over(MediaDriver driver) {
    return new Driver(driver);
  }

  private final class Driver implements MediaDriver {
    private final MediaDriver driver;

    Driver(MediaDriver driver) {
      this.driver = driver;
    }

    @Override
    public FormatId id() {
      return driver.id();
    }

    @Override
    public String name() {
      return driver.name();
    }

    @Override
    public Optional<Recognition> recognise(DeviceDescription device) {
      return driver.recognise(device);
    }

    @Override
    public Medium open(MediumLocation location) throws IOException {
      return new FullMedium(driver.open(location));
    }
  }

  private final class FullMedium implements Medium {
    private final Medium medium;

    FullMedium(Medium medium) {
      this.medium = medium;
    }

    @Override
    public MediaProfile profile() {
      return medium.profile();
    }

    @Override
    public String description() {
      return medium.description();
    }

    @Override
    public boolean writable() {
      return medium.writable();
    }

    @Override
    public Measurement probe(Executor executor, Cancellation cancellation) throws IOException {
      return medium.probe(executor, cancellation);
    }

    @Override
    public void tune(Measurement found) {
      medium.tune(found);
    }

    @Override
    public Capacity capacity() throws IOException {
      return medium.capacity();
    }

    @Override
    public MediumHealth health() {
      return medium.health();
    }

    @Override
    public Optional<ByteBuffer> readSuperblock(int copy) throws IOException {
      return medium.readSuperblock(copy);
    }

    @Override
    public void replaceSuperblock(int copy, ByteBuffer content) throws IOException {
      write("superblock " + copy);
      medium.replaceSuperblock(copy, content);
    }

    @Override
    public List<PackEntry> packs() throws IOException {
      return medium.packs();
    }

    @Override
    public PackFile createPack(long number, long expectedBytes) throws IOException {
      write("pack " + number);
      return new FullPack(medium.createPack(number, expectedBytes));
    }

    @Override
    public PackFile openPack(long number, boolean append) throws IOException {
      return new FullPack(medium.openPack(number, append));
    }

    @Override
    public void deletePack(long number) throws IOException {
      medium.deletePack(number);
    }

    @Override
    public void close() throws IOException {
      medium.close();
    }
  }

  private final class FullPack implements PackFile {
    private final PackFile pack;

    FullPack(PackFile pack) {
      this.pack = pack;
    }

    @Override
    public long size() throws IOException {
      return pack.size();
    }

    @Override
    public int read(ByteBuffer target, long position, Cancellation cancellation)
        throws IOException {
      return pack.read(target, position, cancellation);
    }

    @Override
    public void append(ByteBuffer source, long position) throws IOException {
      write("append at " + position);
      pack.append(source, position);
    }

    @Override
    public void force() throws IOException {
      pack.force();
    }

    @Override
    public void seal() throws IOException {
      pack.seal();
    }

    @Override
    public void truncate(long size) throws IOException {
      pack.truncate(size);
    }

    @Override
    public void close() throws IOException {
      pack.close();
    }
  }
}
