package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.HealthFinding;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a database that was not closed in order, or has changed since, is ever believed. */
class CatalogSealTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int ARTIFACTS = 300;

  @TempDir Path folder;
  private final FakeVolume volume = new FakeVolume(1, "local");

  private Path file() {
    return folder.resolve("larder.mv.db");
  }

  private Path seal() {
    return folder.resolve("larder.seal");
  }

  private Catalog open() throws LarderException {
    Catalog catalog = Catalog.open(folder, FakeVolume.source(volume));
    catalog.synchronise(volume.snapshot());
    return catalog;
  }

  /** Filled, with one swap in its history: that is what tells a kept database from a new one. */
  private void fill() throws Exception {
    try (Catalog catalog = open()) {
      for (int i = 0; i < ARTIFACTS; i++) {
        volume.put("m" + i, i, i).applyTo(catalog);
      }
      catalog.record(
          new SwapRecord(
              1, Reference.parse("m1"), FakeVolume.digest(1), 1, SwapLevel.STORAGE, 1000));
      assertThat(catalog.awaitApplied(LONG)).isTrue();
    }
  }

  /** Opens what is there, checks that it tells the truth, and says whether it was believed. */
  private boolean believed() throws Exception {
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).extracting(ArtifactSummary::size).hasSize(ARTIFACTS);
      assertThat(catalog.findings()).isEmpty();
      assertThat(seal()).doesNotExist();
      return catalog.swaps(10).size() == 1;
    } finally {
      assertThat(seal()).hasSize(24);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aCatalogThatWasClosedInOrderIsBelieved() throws Exception {
    fill();
    assertThat(believed()).isTrue();
    assertThat(believed()).isTrue();
    assertThat(names()).containsExactly("larder.mv.db", "larder.seal");
  }

  @Test
  void oneThatWasNotIsNot() throws Exception {
    fill();
    Files.delete(seal());
    assertThat(believed()).isFalse();
    assertThat(names()).as("nothing is kept").containsExactly("larder.mv.db", "larder.seal");
  }

  @Test
  void whatAKillLeavesWhileItIsOpenHasNoSeal() throws Exception {
    fill();
    Path killed = folder.resolve("killed");
    Files.createDirectory(killed);
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(seal()).doesNotExist();
      Files.copy(file(), killed.resolve("larder.mv.db"));
    }
    try (Catalog catalog = Catalog.open(killed, FakeVolume.source(volume))) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).isEmpty();
      assertThat(catalog.findings())
          .singleElement()
          .satisfies(f -> assertThat(f.severity()).isEqualTo(HealthFinding.Severity.INFO));
      catalog.synchronise(volume.snapshot());
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).hasSize(ARTIFACTS);
      assertThat(catalog.findings()).isEmpty();
    }
  }

  /** H2 opens most files with one wrong bit, and tells what is in them. */
  @Test
  void oneWrongBitAnywhereIsFound() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    byte[] sealed = Files.readAllBytes(seal());
    long seed = Long.getLong("larder.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 25; i++) {
      boolean inSeal = i % 5 == 0;
      byte[] damaged = (inSeal ? sealed : whole).clone();
      int bit = random.nextInt(damaged.length * 8);
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), inSeal ? whole : damaged);
      Files.write(seal(), inSeal ? damaged : sealed);
      assertThat(believed()).as("-Dlarder.seed=%d, bit %d", seed, bit).isFalse();
    }
    Files.write(file(), whole);
    Files.write(seal(), sealed);
    assertThat(believed()).isTrue();
  }

  @Test
  void aTornSealAndALongerOrShorterFileAreFound() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    byte[] sealed = Files.readAllBytes(seal());
    for (int length : new int[] {0, 1, 12, 23, 25}) {
      Files.write(file(), whole);
      Files.write(seal(), Arrays.copyOf(sealed, length));
      assertThat(believed()).isFalse();
    }
    for (int length : new int[] {0, 4096, whole.length - 1, whole.length + 1}) {
      Files.write(file(), Arrays.copyOf(whole, length));
      Files.write(seal(), sealed);
      assertThat(believed()).isFalse();
    }
  }

  @Test
  void aSealThatWasBeingWrittenDoesNotCount() throws Exception {
    fill();
    Files.move(seal(), folder.resolve("larder.seal.tmp"));
    assertThat(believed()).isFalse();
    assertThat(names()).containsExactly("larder.mv.db", "larder.seal");
  }

  @Test
  void aSealWithoutADatabaseIsRemoved() throws Exception {
    fill();
    Files.delete(file());
    assertThat(believed()).isFalse();
    assertThat(believed()).isFalse();
  }

  @Test
  void oneThatIsNeverOpenedKeepsItsSeal() throws Exception {
    fill();
    byte[] before = Files.readAllBytes(seal());
    Catalog.open(folder, FakeVolume.source(volume)).close();
    assertThat(Files.readAllBytes(seal())).isEqualTo(before);
    assertThat(believed()).isTrue();
  }

  @Test
  void whatIsKeptOfDamagedOnesIsBounded() throws Exception {
    fill();
    byte[] large = new byte[12 << 20];
    for (int i = 0; i < 3; i++) {
      Files.write(file(), large);
      assertThat(believed()).isFalse();
    }
    assertThat(names()).containsExactly("larder.mv.db", "larder.seal", "set-aside-3");
    Files.write(file(), new byte[20 << 20]);
    assertThat(believed()).isFalse();
    assertThat(names()).containsExactly("larder.mv.db", "larder.seal");
  }
}
