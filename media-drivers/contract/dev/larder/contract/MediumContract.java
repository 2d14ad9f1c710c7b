package dev.larder.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import dev.larder.spi.media.PackEntry;
import dev.larder.spi.media.PackFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every driver's medium must do. */
public abstract class MediumContract {

  private Medium medium;

  /** The driver under test. */
  protected abstract MediaDriver driver();

  /** Where it may write: empty at first, the same during one test. */
  protected abstract String address();

  protected final Medium open() throws IOException {
    return open(OptionalLong.empty(), Map.of());
  }

  protected final Medium open(OptionalLong capacity, Map<String, String> options)
      throws IOException {
    return driver().open(new MediumLocation(address(), Optional.empty(), capacity, options));
  }

  protected final Medium medium() {
    return medium;
  }

  @BeforeEach
  void openMedium() throws IOException {
    medium = open();
  }

  @AfterEach
  void closeMedium() throws IOException {
    medium.close();
  }

  public static ByteBuffer bytes(int length, long seed) {
    byte[] content = new byte[length];
    new Random(seed).nextBytes(content);
    return ByteBuffer.wrap(content);
  }

  public static ByteBuffer direct(int length, int alignment) {
    return ByteBuffer.allocateDirect(length + 2 * alignment).alignedSlice(alignment).limit(length);
  }

  @Test
  void aNewMediumIsEmptyAndWritable() throws IOException {
    assertThat(medium.packs()).isEmpty();
    assertThat(medium.readSuperblock(0)).isEmpty();
    assertThat(medium.readSuperblock(1)).isEmpty();
    assertThat(medium.writable()).isTrue();
    assertThat(medium.description()).isNotBlank();
  }

  @Test
  void superblocksAreReplacedOneByOne() throws IOException {
    medium.replaceSuperblock(0, bytes(65536, 1));
    medium.replaceSuperblock(1, bytes(100, 2));
    medium.replaceSuperblock(0, bytes(4096, 3));
    medium.close();
    medium = open();
    assertThat(medium.readSuperblock(0)).contains(bytes(4096, 3));
    assertThat(medium.readSuperblock(1)).contains(bytes(100, 2));
  }

  @Test
  void whatWasAppendedIsReadBackAtAnyPlaceAndAlignment() throws IOException {
    ByteBuffer content = bytes(3_000_001, 4);
    try (PackFile pack = medium.createPack(1, 1 << 20)) {
      pack.append(content.duplicate().limit(1_000_000), 0);
      ByteBuffer rest = ByteBuffer.allocateDirect(2_000_001);
      rest.put(content.duplicate().position(1_000_000)).flip();
      pack.append(rest, 1_000_000);
      pack.force();
      assertThat(pack.size()).isEqualTo(3_000_001);
      check(pack, content);
    }
    try (PackFile pack = medium.openPack(1, false)) {
      assertThat(pack.size()).isEqualTo(3_000_001);
      check(pack, content);
    }
    assertThat(medium.packs()).containsExactly(new PackEntry(1, 3_000_001));
  }

  private void check(PackFile pack, ByteBuffer content) throws IOException {
    int alignment = medium.profile().alignmentBytes();
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      boolean aligned = i % 2 == 0;
      int position = random.nextInt(content.limit());
      int length = 1 + random.nextInt(1 << (1 + random.nextInt(21)));
      position = aligned ? position / alignment * alignment : position;
      length = aligned ? (length / alignment + 1) * alignment : length;
      ByteBuffer target = i % 3 == 0 ? ByteBuffer.allocate(length) : direct(length, alignment);
      int expected = Math.min(length, content.limit() - position);
      assertThat(pack.read(target, position, Cancellation.NEVER)).isEqualTo(expected);
      assertThat(target.limit()).isEqualTo(length);
      assertThat(target.flip()).isEqualTo(content.slice(position, expected));
    }
    ByteBuffer beyond = direct(alignment, alignment);
    assertThat(pack.read(beyond, content.limit(), Cancellation.NEVER)).isZero();
    assertThat(pack.read(beyond, 4L << 20, Cancellation.NEVER)).isZero();
  }

  @Test
  void anAppendBeforeTheEndIsRefused() throws IOException {
    try (PackFile pack = medium.createPack(1, 0)) {
      pack.append(bytes(10, 1), 0);
      assertThatThrownBy(() -> pack.append(bytes(10, 1), 9))
          .isInstanceOf(IllegalStateException.class);
      assertThat(pack.size()).isEqualTo(10);
    }
  }

  @Test
  void anAppendBehindTheEndLeavesZerosBetween() throws IOException {
    try (PackFile pack = medium.createPack(1, 0)) {
      pack.append(bytes(5_000, 1), 0);
      pack.force();
      pack.append(bytes(100, 2), 8_192);
      pack.force();
      assertThat(pack.size()).isEqualTo(8_292);
    }
    medium.close();
    medium = open();
    try (PackFile pack = medium.openPack(1, false)) {
      ByteBuffer target = ByteBuffer.allocate(8_292);
      assertThat(pack.read(target, 0, Cancellation.NEVER)).isEqualTo(8_292);
      assertThat(target.slice(0, 5_000)).isEqualTo(bytes(5_000, 1));
      assertThat(target.slice(5_000, 3_192)).isEqualTo(ByteBuffer.allocate(3_192));
      assertThat(target.slice(8_192, 100)).isEqualTo(bytes(100, 2));
    }
  }

  @Test
  void aTornEndIsCutOffAndAppendedToAgain() throws IOException {
    try (PackFile pack = medium.createPack(1, 0)) {
      pack.append(bytes(10_000, 1), 0);
    }
    try (PackFile pack = medium.openPack(1, true)) {
      pack.truncate(5_000);
      pack.append(bytes(100, 2), 5_000);
      pack.seal();
      ByteBuffer target = ByteBuffer.allocate(200);
      assertThat(pack.read(target, 4_900, Cancellation.NEVER)).isEqualTo(200);
      assertThat(target.slice(0, 100)).isEqualTo(bytes(10_000, 1).slice(4_900, 100));
      assertThat(target.slice(100, 100)).isEqualTo(bytes(100, 2));
    }
    assertThat(medium.packs()).containsExactly(new PackEntry(1, 5_100));
  }

  @Test
  void aDeletedPackIsGoneAndGivesItsRoomBack() throws IOException {
    PackFile pack = medium.createPack(7, 0);
    pack.append(bytes(1 << 20, 1), 0);
    pack.force();
    assertThat(medium.capacity().allocatedBytes()).isGreaterThanOrEqualTo(1 << 20);
    medium.deletePack(7);
    assertThat(medium.packs()).isEmpty();
    assertThat(medium.capacity().allocatedBytes()).isZero();
    assertThatThrownBy(() -> medium.openPack(7, false)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pack.read(ByteBuffer.allocate(1), 0, Cancellation.NEVER))
        .isInstanceOf(IOException.class);
    pack.close();
  }

  @Test
  void packsComeAndGoWhileSomebodyLooks() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<?> changes =
          other.submit(
              () -> {
                for (long number = 1; number <= 300; number++) {
                  medium.createPack(number, 0).close();
                  medium.deletePack(number);
                }
                return null;
              });
      while (!changes.isDone()) {
        assertThat(medium.capacity().allocatedBytes()).isLessThan(1 << 20);
        assertThat(medium.packs().size()).isLessThanOrEqualTo(1);
      }
      changes.get();
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aPackIsMadeOnlyOnce() throws IOException {
    medium.createPack(1, 0).close();
    assertThatThrownBy(() -> medium.createPack(1, 0)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> medium.createPack(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void capacityIsHeldToItsLimit() throws IOException {
    medium.close();
    medium = open(OptionalLong.of(1 << 20), Map.of());
    try (PackFile pack = medium.createPack(1, 0)) {
      pack.append(bytes(1 << 19, 1), 0);
    }
    Capacity capacity = medium.capacity();
    assertThat(capacity.totalBytes()).isEqualTo(1 << 20);
    assertThat(capacity.allocatedBytes()).isBetween(1L << 19, (1L << 19) + 65536);
    assertThat(capacity.freeBytes()).isEqualTo(capacity.totalBytes() - capacity.allocatedBytes());
  }

  @Test
  void aSecondOpenIsRefusedAndDoesNotFreeTheLock() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              LarderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCKED));
    }
  }

  @Test
  void aClosedMediumSaysSo() throws IOException {
    PackFile pack = medium.createPack(1, 0);
    medium.close();
    medium.close();
    assertThatThrownBy(() -> medium.packs()).isInstanceOf(LarderException.class);
    assertThatThrownBy(() -> pack.append(bytes(1, 1), 0)).isInstanceOf(IOException.class);
    pack.close();
  }

  @Test
  void aCancelledReadStops() throws IOException {
    try (PackFile pack = medium.createPack(1, 0)) {
      pack.append(bytes(100, 1), 0);
      assertThatThrownBy(() -> pack.read(ByteBuffer.allocate(100), 0, () -> true))
          .isInstanceOf(CancellationException.class);
    }
  }

  @Test
  void probingLeavesNothingBehindAndChangesNothing() throws IOException {
    MediaProfile before = medium.profile();
    ExecutorService readers = Executors.newFixedThreadPool(3);
    try {
      long started = System.nanoTime();
      assertThat(medium.probe(readers, Cancellation.NEVER)).isNotNull();
      assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
    } finally {
      readers.shutdownNow();
    }
    assertThat(medium.profile()).isEqualTo(before);
    assertThat(medium.capacity().allocatedBytes()).isZero();
  }

  @Test
  void manyReadWhileOneAppends() throws Exception {
    ByteBuffer content = bytes(4 << 20, 9);
    ExecutorService readers = Executors.newFixedThreadPool(3);
    try (PackFile pack = medium.createPack(1, 0)) {
      pack.append(content.slice(0, 1 << 20), 0);
      List<Future<?>> done = new ArrayList<>();
      for (int reader = 0; reader < 3; reader++) {
        done.add(readers.submit(() -> readAll(pack, content)));
      }
      for (int at = 1 << 20; at < 4 << 20; at += 65536) {
        pack.append(content.slice(at, 65536), at);
      }
      pack.force();
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      readers.shutdownNow();
    }
  }

  /**
   * What a group commit needs: appends go on while a force waits for the disk, and a force covers
   * at least what was appended before it was called.
   */
  @Test
  void appendsGoOnWhileAnotherThreadForces() throws Exception {
    ByteBuffer content = bytes(2 << 20, 11);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (PackFile pack = medium.createPack(1, 0)) {
      AtomicBoolean done = new AtomicBoolean();
      Future<Integer> forces = other.submit(() -> forceUntil(done, pack));
      for (int at = 0; at < content.limit(); at += 4096) {
        pack.append(content.slice(at, 4096), at);
      }
      done.set(true);
      assertThat(forces.get()).isPositive();
      pack.seal();
      ByteBuffer target = ByteBuffer.allocate(content.limit() + 1);
      assertThat(pack.read(target, 0, Cancellation.NEVER)).isEqualTo(content.limit());
      assertThat(target.flip()).isEqualTo(content);
    } finally {
      other.shutdownNow();
    }
    assertThat(medium.packs()).containsExactly(new PackEntry(1, content.limit()));
  }

  private static int forceUntil(AtomicBoolean done, PackFile pack) throws IOException {
    int forces = 0;
    do {
      pack.force();
      forces++;
    } while (!done.get());
    return forces;
  }

  /** Whatever the medium keeps ready behind the end is not the pack's. */
  @Test
  void smallForcedAppendsAreAllThatThereIs() throws IOException {
    ByteBuffer content = bytes(100 * 4096, 12);
    try (PackFile pack = medium.createPack(1, 1 << 20)) {
      for (int at = 0; at < content.limit(); at += 4096) {
        pack.append(content.slice(at, 4096), at);
        pack.force();
        assertThat(pack.size()).isEqualTo(at + 4096);
        assertThat(medium.packs()).containsExactly(new PackEntry(1, at + 4096));
        ByteBuffer target = direct(65536, medium.profile().alignmentBytes());
        int from = Math.max(0, at - 8192);
        int there = at + 4096 - from;
        assertThat(pack.read(target, from, Cancellation.NEVER)).isEqualTo(there);
        assertThat(target.flip()).isEqualTo(content.slice(from, there));
        assertThat(pack.read(ByteBuffer.allocate(1), at + 4096, Cancellation.NEVER)).isZero();
      }
      pack.truncate(50 * 4096);
      assertThat(pack.size()).isEqualTo(50 * 4096);
      pack.append(content.slice(50 * 4096, 4096), 50 * 4096);
      pack.force();
      pack.append(content.slice(51 * 4096, 49 * 4096), 51 * 4096);
      pack.seal();
    }
    try (PackFile pack = medium.openPack(1, false)) {
      assertThat(pack.size()).isEqualTo(content.limit());
      check(pack, content);
    }
    assertThat(medium.packs()).containsExactly(new PackEntry(1, content.limit()));
  }

  private Void readAll(PackFile pack, ByteBuffer content) throws IOException {
    int alignment = medium.profile().alignmentBytes();
    ByteBuffer target = direct(4 * alignment, alignment);
    for (long at = 0; at < 4 << 20; ) {
      int wanted = (int) Math.min(target.capacity(), (4 << 20) - at);
      target.clear().limit(Math.min(wanted, 4 * alignment));
      int read = pack.read(target, at, Cancellation.NEVER);
      assertThat(target.slice(0, read)).isEqualTo(content.slice((int) at, read));
      at += read;
    }
    return null;
  }
}
