package dev.larder.tiering;

import dev.larder.api.FormatId;
import dev.larder.media.sd.SdDriver;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.DeviceDescription;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumHealth;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import dev.larder.spi.media.Recognition;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A driver, that of cards unless another is named, with a slot from which they can be pulled at any
 * moment.
 */
final class PullableDriver implements MediaDriver {

  private final MediaDriver driver;
  private volatile @Nullable Supplier<IOException> all;
  private volatile @Nullable Supplier<IOException> writes;
  private volatile CountDownLatch inserted = new CountDownLatch(0);
  private volatile CountDownLatch answers = new CountDownLatch(0);

  PullableDriver() {
    this(new SdDriver());
  }

  PullableDriver(MediaDriver driver) {
    this.driver = driver;
  }

  /** Everything fails like this until {@link #heal}. */
  void fail(Supplier<IOException> how) {
    all = how;
  }

  /** Every write to a pack fails like this until {@link #heal}. */
  void failWrites(Supplier<IOException> how) {
    writes = how;
  }

  /** Openings take until {@link #inserted}. */
  void openSlowly() {
    inserted = new CountDownLatch(1);
  }

  void inserted() {
    inserted.countDown();
  }

  /** Reads of packs have no answer until {@link #answer}. */
  void hang() {
    answers = new CountDownLatch(1);
  }

  void answer() {
    answers.countDown();
  }

  private void awaitAnswer() {
    boolean interrupted = false;
    while (answers.getCount() > 0) {
      try {
        answers.await();
      } catch (InterruptedException e) {
        interrupted = true; // as the kernel does it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void heal() {
    all = null;
    writes = null;
  }

  private void check() throws IOException {
    Supplier<IOException> how = all;
    if (how != null) {
      throw how.get();
    }
  }

  private void checkWrite() throws IOException {
    check();
    Supplier<IOException> how = writes;
    if (how != null) {
      throw how.get();
    }
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
    check();
    try {
      inserted.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it was opened");
    }
    return new Slot(driver.open(location));
  }

  private final class Slot implements Medium {
    private final Medium medium;

    Slot(Medium medium) {
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
      checkWrite();
      return medium.probe(executor, cancellation);
    }

    @Override
    public void tune(Measurement found) {
      medium.tune(found);
    }

    @Override
    public Capacity capacity() throws IOException {
      check();
      return medium.capacity();
    }

    @Override
    public MediumHealth health() {
      return medium.health();
    }

    @Override
    public Optional<ByteBuffer> readSuperblock(int copy) throws IOException {
      check();
      return medium.readSuperblock(copy);
    }

    @Override
    public void replaceSuperblock(int copy, ByteBuffer content) throws IOException {
      checkWrite();
      medium.replaceSuperblock(copy, content);
    }

    @Override
    public List<PackEntry> packs() throws IOException {
      check();
      return medium.packs();
    }

    @Override
    public PackFile createPack(long number, long expectedBytes) throws IOException {
      checkWrite();
      return new Wrapped(medium.createPack(number, expectedBytes));
    }

    @Override
    public PackFile openPack(long number, boolean append) throws IOException {
      check();
      return new Wrapped(medium.openPack(number, append));
    }

    @Override
    public void deletePack(long number) throws IOException {
      checkWrite();
      medium.deletePack(number);
    }

    @Override
    public void close() throws IOException {
      medium.close();
    }
  }

  private final class Wrapped implements PackFile {
    private final PackFile file;

    Wrapped(PackFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      check();
      return file.size();
    }

    @Override
    public int read(ByteBuffer target, long position, Cancellation cancellation)
        throws IOException {
      check();
      awaitAnswer();
      return file.read(target, position, cancellation);
    }

    @Override
    public void append(ByteBuffer source, long position) throws IOException {
      checkWrite();
      file.append(source, position);
    }

    @Override
    public void force() throws IOException {
      checkWrite();
      file.force();
    }

    @Override
    public void seal() throws IOException {
      checkWrite();
      file.seal();
    }

    @Override
    public void truncate(long size) throws IOException {
      checkWrite();
      file.truncate(size);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
