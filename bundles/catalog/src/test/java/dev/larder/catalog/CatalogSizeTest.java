package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How large it gets, what it writes and how long it takes; {@code -Dlarder.long=true} for all. */
class CatalogSizeTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final boolean ALL = Boolean.getBoolean("larder.long");
  private static final Path IO = Path.of("/proc/self/io");

  @TempDir Path folder;

  /** Bytes handed to the operating system by this process; 0 where it does not tell. */
  private static long written() throws IOException {
    if (!Files.isReadable(IO)) {
      return 0;
    }
    return Files.readAllLines(IO).stream()
        .filter(line -> line.startsWith("wchar: "))
        .mapToLong(line -> Long.parseLong(line.substring(7)))
        .sum();
  }

  private static SwapRecord swap(long n) {
    return new SwapRecord(
        n,
        Reference.parse("plant/line-" + n % 40 + ":v" + n % 7),
        FakeVolume.digest(n % 100),
        n,
        SwapLevel.RAM,
        n * 10);
  }

  @Test
  @Timeout(600)
  void theHistoryOfSwapsStaysBounded() throws Exception {
    int swaps = ALL ? 1_000_000 : 100_000;
    long before = written();
    long largest = 0;
    FakeVolume volume = new FakeVolume(1, "local");
    try (Catalog catalog = Catalog.open(folder, FakeVolume.source(volume))) {
      catalog.synchronise(volume.snapshot());
      for (int i = 1; i <= swaps; i++) {
        catalog.record(swap(i));
        if (i % 2_000 == 0) {
          assertThat(catalog.awaitApplied(LONG)).isTrue();
          largest = Math.max(largest, catalog.allocatedBytes());
        }
      }
      assertThat(catalog.swaps(20_000)).hasSize(10_000).first().isEqualTo(swap(swaps));
    }
    long written = written() - before;
    System.out.printf(
        Locale.ROOT,
        "%d swaps: at most %d bytes of file, %d after closing, %d bytes written, %.1f a swap%n",
        swaps,
        largest,
        Files.size(folder.resolve("larder.mv.db")),
        written,
        (double) written / swaps);
    assertThat(largest).isLessThan(16 << 20);
    assertThat(Files.size(folder.resolve("larder.mv.db"))).isLessThan(4 << 20);
    assertThat(written / swaps).isLessThan(300);
  }

  /** A million blocks in 10,000 artifacts; {@code -Dlarder.changes=5} for names with a history. */
  @Test
  @Timeout(600)
  void tenThousandArtifactsAreFilledInAgain() throws Exception {
    int artifacts = 10_000;
    int changes = Integer.getInteger("larder.changes", 1);
    FakeVolume volume = new FakeVolume(1, "local");
    for (int change = 0; change < changes; change++) {
      for (int i = 0; i < artifacts; i++) {
        volume.point("models/line-" + i % 100 + "/m" + i, i);
      }
    }
    for (int i = 0; i < artifacts; i++) {
      volume.add(i, 6_553_600);
    }
    VolumeSnapshot snapshot = volume.snapshot();
    long before = written();
    long started = System.nanoTime();
    double seconds;
    try (Catalog catalog = Catalog.open(folder, FakeVolume.source(volume))) {
      catalog.synchronise(snapshot);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      seconds = (System.nanoTime() - started) / 1e9;
      assertThat(catalog.list()).hasSize(artifacts);
      assertThat(catalog.history(Reference.parse("models/line-7/m7"))).hasSize(changes);
    }
    System.out.printf(
        Locale.ROOT,
        "%d artifacts, %d changes of references: filled in %.1f s, %d bytes of file, %d written%n",
        artifacts,
        artifacts * changes,
        seconds,
        Files.size(folder.resolve("larder.mv.db")),
        written() - before);
    assertThat(seconds).isLessThan(60);
  }

  /** The seal is one more reading of the file, and must not be felt at a start. */
  @Test
  void checkingTheSealTakesNoTimeWorthMentioning() throws Exception {
    Path database = folder.resolve("larder.mv.db");
    Files.write(database, new byte[5 << 20]);
    Seal seal = new Seal(database, folder.resolve("larder.seal"));
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 10; i++) {
      seal.close();
      long started = System.nanoTime();
      assertThat(seal.open()).isEmpty();
      best = Math.min(best, System.nanoTime() - started);
    }
    assertThat(best).as("nanoseconds for 5 MiB").isLessThan(20_000_000);
  }
}
