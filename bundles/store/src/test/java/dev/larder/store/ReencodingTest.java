package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What takes clearly less with more effort is encoded anew while nothing else is to do. */
class ReencodingTest {

  private static final int BLOCK = 16 << 10;

  private final Bench bench = new Bench(BLOCK);
  private final MemoryDisk disk = new MemoryDisk();

  @AfterEach
  void closeBench() {
    bench.close();
  }

  /** Of two letters in any order a fast search finds the repetitions that are less worth. */
  private static byte[] letters(int seed) {
    byte[] letters = Bench.random(20 * BLOCK, seed);
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (byte) (letters[i] < 0 ? 'a' : 'b');
    }
    return letters;
  }

  private static long stored(Volume volume) throws IOException {
    return volume.statistics().storedBytes();
  }

  private static void encodeAll(Volume volume) throws IOException {
    for (int i = 0; i < 20 && volume.reencodingDue(); i++) {
      volume.reencode(Pace.UNLIMITED, Cancellation.NEVER);
    }
    assertThat(volume.reencodingDue()).isFalse();
  }

  private static void verify(Volume volume, List<byte[]> contents) throws IOException {
    for (byte[] content : contents) {
      assertThat(Bench.get(volume, Bench.digest(content))).isEqualTo(content);
    }
    ScrubReport report = volume.scrub(Cancellation.NEVER);
    assertThat(report.findings()).isEmpty();
  }

  @Test
  void whatTakesClearlyLessIsWrittenAnew() throws IOException {
    byte[] letters = letters(1);
    byte[] random = Bench.random(100_000, 2);
    long before;
    long after;
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, letters);
      bench.put(volume, random);
      before = stored(volume);
      encodeAll(volume);
      after = stored(volume);
      assertThat(after).isLessThan(before * 9 / 10);
      verify(volume, List.of(letters, random));
    }
    disk.powerCut(MemoryDisk.Cut.DROP, new Random(1));
    try (Volume volume = bench.open(disk)) {
      assertThat(stored(volume)).isEqualTo(after);
      assertThat(volume.reencodingDue()).isFalse(); // the superblock says so
      verify(volume, List.of(letters, random));
      Bench.collect(volume, Set.of(Bench.digest(letters)));
      verify(volume, List.of(letters));
      encodeAll(volume);
      assertThat(stored(volume)).isLessThanOrEqualTo(after);
    }
  }

  @Test
  void noMoreThanAQuarterIsWrittenAtOnce() throws IOException {
    try (Volume volume = bench.open(disk)) {
      for (int i = 0; i < 8; i++) {
        bench.put(volume, letters(i));
      }
      long before = stored(volume);
      long written = volume.statistics().bytesWritten();
      volume.reencode(Pace.UNLIMITED, Cancellation.NEVER);
      assertThat(volume.reencodingDue()).isTrue();
      assertThat(volume.statistics().bytesWritten() - written).isLessThan(before / 2);
      encodeAll(volume);
      assertThat(stored(volume)).isLessThan(before * 9 / 10);
    }
  }

  @Test
  void onePassThatIsCutOffHasDoneWhatItHasDone() throws IOException {
    List<byte[]> contents = List.of(letters(1), letters(2), letters(3), letters(4), letters(5));
    try (Volume volume = bench.open(disk)) {
      for (byte[] content : contents) {
        bench.put(volume, content);
      }
      AtomicInteger left = new AtomicInteger(15);
      assertThatThrownBy(() -> volume.reencode(Pace.UNLIMITED, () -> left.getAndDecrement() <= 0))
          .isInstanceOf(CancellationException.class);
      verify(volume, contents);
      encodeAll(volume);
      verify(volume, contents);
    }
    try (Volume volume = bench.open(disk)) {
      verify(volume, contents);
    }
  }

  @Test
  void aMediumThatFailsInTheMiddleLosesNothing() throws IOException {
    List<byte[]> contents = List.of(letters(1), letters(2));
    try (Volume volume = bench.open(disk)) {
      for (byte[] content : contents) {
        bench.put(volume, content);
      }
    }
    MemoryDisk copy = disk.copy();
    try (Volume volume = bench.open(copy)) {
      volume.reencode(
          bytes -> copy.powerCut(MemoryDisk.Cut.DROP, new Random(1)), Cancellation.NEVER);
    } catch (IOException | RuntimeException e) {
      assertThat(e).isNotNull(); // gone
    }
    try (Volume volume = bench.open(copy)) {
      verify(volume, contents);
    }
  }

  @Test
  void aVolumeWithNothingToEncodeIsDone() throws IOException {
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, new byte[0]);
      assertThat(volume.reencodingDue()).isTrue();
      volume.reencode(Pace.UNLIMITED, Cancellation.NEVER);
      assertThat(volume.reencodingDue()).isFalse();
    }
  }

  @Test
  void aVolumeThatIsNearlyFullComesToAnEnd() throws IOException {
    MemoryDisk small = new MemoryDisk(8 << 20);
    try (Volume volume = bench.open(small)) {
      for (int seed = 0; ; seed++) {
        bench.put(volume, letters(seed));
      }
    } catch (LarderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL);
    }
    try (Volume volume = bench.open(small)) {
      encodeAll(volume);
    } catch (LarderException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.TIER_FULL); // the gateway tries no more then
    }
    try (Volume volume = bench.open(small)) {
      assertThat(volume.scrub(Cancellation.NEVER).findings()).isEmpty();
      assertThat(Bench.get(volume, Bench.digest(letters(0)))).isEqualTo(letters(0));
    }
  }

  @Test
  void aDamagedBlockStaysAsItIs() throws IOException {
    byte[] letters = letters(1);
    Digest digest = Bench.digest(letters);
    try (Volume volume = bench.open(disk)) {
      bench.put(volume, letters);
      disk.packs.values().iterator().next().bytes[20_000] ^= 1;
      volume.reencode(Pace.UNLIMITED, Cancellation.NEVER);
      assertThat(volume.damageCount()).isEqualTo(1);
      bench.put(volume, letters);
      assertThat(Bench.get(volume, digest)).isEqualTo(letters);
    }
  }
}
