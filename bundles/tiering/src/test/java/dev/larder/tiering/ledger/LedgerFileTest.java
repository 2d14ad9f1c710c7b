package dev.larder.tiering.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.spi.cache.LedgerEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerFileTest {

  private static final int HEADER = 12;
  private static final int ENTRY = 52;
  private static final int TRAILER = 12;

  @TempDir Path folder;
  private Path path;
  private final Ledger ledger = new Ledger(new Random(1));

  @BeforeEach
  void name() {
    path = folder.resolve("ram.ledger");
  }

  private LedgerFile file(Ledger of) {
    return new LedgerFile(Optional.of(path), of, new ReentrantLock());
  }

  private Ledger restored() {
    Ledger fresh = new Ledger(new Random(2));
    file(fresh).restore();
    return fresh;
  }

  private void use(int objects, int accesses) {
    Random random = new Random(3);
    for (long key = 0; key < objects; key++) {
      ledger.admit(key, 100 + key, false);
    }
    for (int i = 0; i < accesses; i++) {
      ledger.access(random.nextInt(objects));
    }
    for (long key = 0; key < objects / 2; key++) {
      ledger.evict(key);
    }
    ledger.reloaded(objects - 1, 500);
  }

  private static double[] values(Ledger of, long key) {
    LedgerRecord entry = new LedgerRecord();
    assertThat(of.read(key, entry)).isTrue();
    double[] values = new double[LedgerEntry.HALF_LIVES + 4];
    for (int i = 0; i < LedgerEntry.HALF_LIVES; i++) {
      values[i] = entry.frequency(i);
    }
    values[LedgerEntry.HALF_LIVES] = entry.size();
    values[LedgerEntry.HALF_LIVES + 1] = entry.lastTick();
    values[LedgerEntry.HALF_LIVES + 2] = entry.now();
    values[LedgerEntry.HALF_LIVES + 3] = entry.reloadMicros();
    return values;
  }

  @Test
  void everyEntryComesBackAsItWasAndTimeGoesOn() {
    use(500, 20_000);
    file(ledger).note();
    Ledger again = restored();
    assertThat(again.residents()).isZero();
    assertThat(again.ghosts()).isEqualTo(500);
    for (long key = 0; key < 500; key++) {
      assertThat(values(again, key)).isEqualTo(values(ledger, key));
    }
    again.admit(7, 107, false);
    again.access(7);
    ledger.access(7);
    assertThat(values(again, 7)).isEqualTo(values(ledger, 7));
  }

  @Test
  void theNewestAreKeptWhenThereAreTooMany() throws IOException {
    int objects = LedgerFile.MOST + 5_000;
    for (long key = 0; key < objects; key++) {
      ledger.admit(key, 1, false);
      ledger.access(key);
    }
    file(ledger).note();
    assertThat(Files.size(path)).isEqualTo(HEADER + (long) LedgerFile.MOST * ENTRY + TRAILER);
    Ledger again = restored();
    assertThat(again.ghosts()).isEqualTo(LedgerFile.MOST);
    assertThat(again.isKnown(4_999)).isFalse();
    assertThat(again.isKnown(5_000)).isTrue();
    again.admit(objects - 1, 1, false);
    int calls = 0;
    while (again.ghosts() > Ledger.MIN_GHOSTS) { // in small steps
      int before = again.ghosts();
      again.remember(1_000_000 + calls++, 1);
      assertThat(before - again.ghosts()).isLessThan(10);
    }
  }

  @Test
  void itIsWrittenOnlyWhenSomethingWasUsed() throws IOException {
    LedgerFile file = file(ledger);
    file.note();
    assertThat(path).doesNotExist();
    use(10, 10);
    file.note();
    Files.delete(path);
    file.note();
    assertThat(path).doesNotExist();
    ledger.access(5);
    file.note();
    assertThat(path).exists();
    Files.delete(path);
    LedgerFile again = file(ledger);
    again.note();
    assertThat(path).exists();
  }

  @Test
  void noFileIsNoHistory() {
    assertThat(restored().ghosts()).isZero();
    LedgerFile nowhere = new LedgerFile(Optional.empty(), ledger, new ReentrantLock());
    nowhere.restore();
    ledger.access(1);
    nowhere.note();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFlippedBitAnywhereOrAMissingByteMakesItAsGoodAsNone() throws IOException {
    use(4, 50);
    file(ledger).note();
    byte[] good = Files.readAllBytes(path);
    assertThat(restored().ghosts()).isEqualTo(4);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << (i % 8));
      Files.write(path, bad);
      assertEmpty();
    }
    for (int length = 0; length < good.length; length += 7) {
      Files.write(path, Arrays.copyOf(good, length));
      assertEmpty();
    }
    Files.write(path, Arrays.copyOf(good, good.length + ENTRY));
    assertEmpty();
  }

  private void assertEmpty() {
    Ledger again = restored();
    assertThat(again.ghosts()).isZero();
    assertThat(again.now()).isZero();
  }

  @Test
  void aFileOfMoreThanCouldBeIsNotRead() throws IOException {
    try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(HEADER + TRAILER + (LedgerFile.MOST + 1L) * ENTRY);
    }
    assertEmpty();
  }

  /** Somebody may have made a file with a right checksum. */
  @Test
  void entriesThatCannotBeAreLeftOut() throws IOException {
    use(4, 50);
    file(ledger).note();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    bytes.putLong(HEADER + 8, -1); // a size
    bytes.putLong(HEADER + ENTRY + 16, Long.MAX_VALUE); // a tick in the future
    bytes.putFloat(HEADER + 2 * ENTRY + 24, Float.NaN); // a count
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.capacity() - 4);
    bytes.putInt(bytes.capacity() - 4, (int) crc.getValue());
    Files.write(path, bytes.array());
    assertThat(restored().ghosts()).isEqualTo(1);
  }
}
