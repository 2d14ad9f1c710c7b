package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.HealthFinding;
import dev.larder.api.LarderException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogDamageTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final FakeVolume volume = new FakeVolume(1, "local");

  private Catalog open() throws LarderException {
    Catalog catalog = Catalog.open(folder, FakeVolume.source(volume));
    catalog.synchronise(volume.snapshot());
    return catalog;
  }

  private void fill(int artifacts) throws Exception {
    try (Catalog catalog = open()) {
      for (int i = 0; i < artifacts; i++) {
        volume.put("m" + i, i, i).applyTo(catalog);
      }
      assertThat(catalog.awaitApplied(LONG)).isTrue();
    }
  }

  private Path file() {
    return folder.resolve("larder.mv.db");
  }

  private Path seal() {
    return folder.resolve("larder.seal");
  }

  private List<String> setAside() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("set-aside-"))
          .sorted()
          .toList();
    }
  }

  private void isWholeAgain(int artifacts) throws Exception {
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).hasSize(artifacts);
      assertThat(catalog.findings()).isEmpty();
    }
  }

  @Test
  void garbageIsSetAsideAndReplaced() throws Exception {
    fill(50);
    byte[] garbage = new byte[40_000];
    new Random(1).nextBytes(garbage);
    Files.write(file(), garbage);
    isWholeAgain(50);
    assertThat(setAside()).containsExactly("set-aside-1");
    assertThat(Files.readAllBytes(folder.resolve("set-aside-1/larder.mv.db"))).isEqualTo(garbage);
  }

  @Test
  void theLastTwoAreKept() throws Exception {
    fill(5);
    for (int i = 0; i < 4; i++) {
      Files.write(file(), new byte[] {1, 2, 3});
      isWholeAgain(5);
    }
    assertThat(setAside()).containsExactly("set-aside-3", "set-aside-4");
  }

  @Test
  void anEmptyFileAndATruncatedOneAreReplaced() throws Exception {
    fill(2_000);
    byte[] whole = Files.readAllBytes(file());
    for (int percent : List.of(0, 3, 30, 60, 95)) {
      Files.write(file(), java.util.Arrays.copyOf(whole, whole.length / 100 * percent));
      isWholeAgain(2_000);
    }
  }

  @Test
  void aCatalogFromAnotherTimeIsBroughtUpToDate() throws Exception {
    fill(20);
    byte[] old = Files.readAllBytes(file());
    byte[] oldSeal = Files.readAllBytes(seal());
    try (Catalog catalog = open()) {
      volume.delete("m3").applyTo(catalog);
      volume.put("late", 77, 1).applyTo(catalog);
    }
    Files.write(file(), old);
    Files.write(seal(), oldSeal);
    isWholeAgain(20);
    assertThat(setAside()).isEmpty();
  }

  @Test
  void tablesOfAnotherVersionAreSetAside() throws Exception {
    fill(3);
    executeAndSeal("UPDATE meta SET version = 99");
    isWholeAgain(3);
    assertThat(setAside()).hasSize(1);
  }

  @Test
  void aRowThatMakesNoSenseIsDoubt() throws Exception {
    fill(3);
    executeAndSeal("UPDATE reference_change SET name = '../etc' WHERE name = 'm1'");
    try (Catalog catalog = open()) {
      assertThat(catalog.list())
          .extracting(row -> row.reference().name())
          .containsExactly("m0", "m1", "m2");
    }
    assertThat(setAside()).hasSize(1);
  }

  @Test
  void aDatabaseDamagedWhileOpenIsReplacedAndNothingFails() throws Exception {
    fill(30);
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      execute("DROP TABLE replica");
      volume.put("next", 99, 1).applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).hasSize(31);
      execute("DROP TABLE reference_change");
      assertThat(catalog.list()).hasSize(31);
      assertThat(catalog.findings()).isEmpty();
    }
    assertThat(setAside()).hasSize(2);
    isWholeAgain(31);
  }

  @Test
  void bytesOverwrittenWhileOpenDoNoHarm() throws Exception {
    fill(2_000);
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      byte[] noise = new byte[(int) Files.size(file())];
      new Random(2).nextBytes(noise);
      try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
        channel.write(java.nio.ByteBuffer.wrap(noise));
      }
      volume.put("next", 9_999, 1).applyTo(catalog);
      catalog.awaitApplied(LONG);
      assertThat(catalog.list()).hasSize(2_001);
    }
    isWholeAgain(2_001);
  }

  @Test
  void aDeletedFolderIsMadeAnew() throws Exception {
    fill(4);
    Files.delete(file());
    isWholeAgain(4);
    assertThat(setAside()).isEmpty();
  }

  @Test
  void whileItIsFilledHealthSaysSo() throws Exception {
    fill(3);
    Files.write(file(), new byte[5_000]);
    healthSaysSoUntilItIsFilled(HealthFinding.Severity.WARNING);
    Files.delete(seal());
    healthSaysSoUntilItIsFilled(HealthFinding.Severity.INFO);
  }

  private void healthSaysSoUntilItIsFilled(HealthFinding.Severity severity) throws Exception {
    try (Catalog catalog = Catalog.open(folder, FakeVolume.source(volume))) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.severity()).isEqualTo(severity);
                assertThat(finding.subject()).isEqualTo("catalog");
              });
      catalog.synchronise(volume.snapshot());
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.findings()).isEmpty();
    }
  }

  @Test
  void anOverflowIsMadeGoodFromTheVolume() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    SnapshotSource slow =
        uuid -> {
          entered.countDown();
          try {
            assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return FakeVolume.source(volume).snapshot(uuid);
        };
    try (Catalog catalog = Catalog.open(folder, slow, 64)) {
      volume
          .put("first", 1, 1)
          .applyTo(catalog); // not synchronised: the source is asked, and hangs
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 1_000; i++) {
        volume.put("m" + i, i, 1).applyTo(catalog);
      }
      assertThat(catalog.findings()).hasSize(1);
      assertThat(catalog.awaitApplied(Duration.ofMillis(20))).isFalse();
      release.countDown();
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).hasSize(1_001);
      assertThat(catalog.findings()).isEmpty();
    }
    isWholeAgain(1_001);
  }

  @Test
  void manyWritersAndReadersAtOnce() throws Exception {
    try (Catalog catalog = Catalog.open(folder, FakeVolume.source(volume), 256)) {
      catalog.synchronise(volume.snapshot());
      List<Thread> threads =
          IntStream.range(0, 8).mapToObj(t -> new Thread(() -> putMany(catalog, t))).toList();
      threads.forEach(Thread::start);
      while (threads.stream().anyMatch(Thread::isAlive)) {
        assertThat(catalog.list())
            .isSortedAccordingTo(java.util.Comparator.comparing(ArtifactSummary::reference));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).hasSize(8 * 300);
    }
    isWholeAgain(8 * 300);
  }

  private void putMany(Catalog catalog, int thread) {
    for (int i = 0; i < 300; i++) {
      volume.put("t" + thread + "/m" + i, i, i).applyTo(catalog);
    }
  }

  /** Runs SQL in the database, beside the catalog if that has it open. */
  private void execute(String sql) throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + folder.resolve("larder"));
    source.setUser("larder");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The same in a closed catalog that then vouches for it: only what it finds itself is left. */
  private void executeAndSeal(String sql) throws Exception {
    execute(sql);
    new Seal(file(), seal()).close();
  }
}
