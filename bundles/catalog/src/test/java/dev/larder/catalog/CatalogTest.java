package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactSummary;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.HistoryEntry;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final FakeVolume nvme = new FakeVolume(1, "nvme");
  private final FakeVolume card = new FakeVolume(2, "card");

  private Catalog open() throws LarderException {
    Catalog catalog = Catalog.open(folder, FakeVolume.source(nvme, card));
    catalog.synchronise(nvme.snapshot());
    catalog.synchronise(card.snapshot());
    return catalog;
  }

  private static List<String> names(Catalog catalog) throws LarderException {
    return catalog.list().stream().map(row -> row.reference().toString()).toList();
  }

  @Test
  void listsCurrentReferencesWithTheirTiersSorted() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("b", 1, 100).applyTo(catalog);
      nvme.put("a/x:v2", 2, 200).applyTo(catalog);
      card.add(2, 200).applyTo(catalog);
      nvme.put("gone", 3, 300).applyTo(catalog);
      nvme.delete("gone").applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();

      List<ArtifactSummary> list = catalog.list();
      assertThat(list)
          .extracting(row -> row.reference().toString())
          .containsExactly("a/x:v2", "b:latest");
      assertThat(list.get(0).tiers()).containsExactly("card", "nvme");
      assertThat(list.get(0).size()).isEqualTo(200);
      assertThat(list.get(1).tiers()).containsExactly("nvme");
      assertThat(list.get(1).digest()).isEqualTo(FakeVolume.digest(1));
      assertThat(catalog.findings()).isEmpty();
      assertThat(catalog.allocatedBytes()).isPositive();
    }
  }

  @Test
  void historyIsNewestFirstAndEndsAtADeletion() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("m", 1, 1).applyTo(catalog);
      nvme.delete("m").applyTo(catalog);
      nvme.put("m", 2, 1).applyTo(catalog);
      nvme.put("m", 3, 1).applyTo(catalog);
      nvme.point("m", 2).applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();

      List<HistoryEntry> history = catalog.history(Reference.parse("m"));
      assertThat(history)
          .extracting(HistoryEntry::digest)
          .containsExactly(FakeVolume.digest(2), FakeVolume.digest(3), FakeVolume.digest(2));
      assertThat(history).extracting(HistoryEntry::current).containsExactly(true, false, false);
      assertThat(catalog.history(Reference.parse("unknown"))).isEmpty();
    }
  }

  @Test
  void aChangeThatTwoVolumesHoldCountsOnce() throws Exception {
    nvme.put("m", 1, 1);
    VolumeSnapshot copy =
        new VolumeSnapshot(
            new Position(card.uuid, 1, 5), "card", List.of(), nvme.snapshot().references());
    try (Catalog catalog = open()) {
      catalog.synchronise(copy);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.history(Reference.parse("m"))).hasSize(1);
      assertThat(names(catalog)).containsExactly("m:latest");
    }
  }

  @Test
  void anUpToDateVolumeIsNotReadAgainAfterARestart() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("m", 1, 1).applyTo(catalog);
    }
    try (Catalog catalog = Catalog.open(folder, FakeVolume.source())) {
      catalog.synchronise(new VolumeSnapshot(nvme.position(), "renamed", List.of(), List.of()));
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list())
          .extracting(ArtifactSummary::tiers)
          .containsExactly(List.of("renamed"));
    }
  }

  @Test
  void aVolumeAtAnotherPositionOrEpochIsReplaced() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("old", 1, 1).applyTo(catalog);
    }
    nvme.delete("old");
    nvme.put("new", 2, 1);
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(names(catalog)).containsExactly("new:latest");
    }
    nvme.epoch++;
    nvme.put("newer", 2, 1);
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(names(catalog)).containsExactly("new:latest", "newer:latest");
    }
  }

  @Test
  void aForgottenVolumeLeavesNothing() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("m", 1, 1).applyTo(catalog);
      card.put("c", 2, 1).applyTo(catalog);
      catalog.forget(nvme.uuid);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(names(catalog)).containsExactly("c:latest");
    }
  }

  @Test
  void changesInAnyOrderGiveTheSameResult() throws Exception {
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      FakeVolume.Commit added = nvme.add(1, 10);
      FakeVolume.Commit dropped = nvme.drop(1);
      FakeVolume.Commit first = nvme.put("m", 2, 20);
      FakeVolume.Commit second = nvme.put("m", 3, 30);
      second.applyTo(catalog);
      dropped.applyTo(catalog);
      first.applyTo(catalog);
      added.applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list()).extracting(ArtifactSummary::size).containsExactly(30L);
      card.point("dropped", 1).applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(catalog.list().get(0).tiers()).isEmpty();
    }
  }

  @Test
  void aLostChangeIsFoundAtTheNextStart() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("a", 1, 1).applyTo(catalog);
      nvme.put("lost", 2, 1);
      nvme.put("c", 3, 1).applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(names(catalog)).containsExactly("a:latest", "c:latest");
    }
    try (Catalog catalog = open()) {
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(names(catalog)).containsExactly("a:latest", "c:latest", "lost:latest");
    }
  }

  @Test
  void aVolumeThatWasNeverSynchronisedIsAskedFor() throws Exception {
    FakeVolume later = new FakeVolume(3, "later");
    later.put("before", 1, 1);
    try (Catalog catalog = Catalog.open(folder, FakeVolume.source(later))) {
      later.put("after", 2, 1).applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(names(catalog)).containsExactly("after:latest", "before:latest");
    }
  }

  @Test
  void swapsAreKeptUpToTheirCapAcrossRestarts() throws Exception {
    try (Catalog catalog = open()) {
      for (int i = 0; i < 12_000; i++) {
        catalog.record(swap(i));
        if (i % 2_000 == 1_999) {
          assertThat(catalog.awaitApplied(LONG)).isTrue();
        }
      }
    }
    try (Catalog catalog = open()) {
      List<SwapRecord> swaps = catalog.swaps(20_000);
      assertThat(swaps).hasSize(10_000);
      assertThat(swaps.get(0)).isEqualTo(swap(11_999));
      assertThat(swaps.get(9_999)).isEqualTo(swap(2_000));
      assertThat(catalog.swaps(3)).hasSize(3);
    }
  }

  private static SwapRecord swap(long n) {
    Digest digest = FakeVolume.digest(n);
    return new SwapRecord(n, Reference.parse("m"), digest, n, SwapLevel.RAM, n * 10);
  }

  @Test
  void clearedItIsFilledFromTheVolumes() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("m", 1, 1).applyTo(catalog);
      catalog.record(swap(1));
      catalog.clear();
      catalog.synchronise(nvme.snapshot());
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      assertThat(names(catalog)).containsExactly("m:latest");
      assertThat(catalog.swaps(10)).isEmpty();
      assertThat(catalog.findings()).isEmpty();
    }
  }

  @Test
  void anInterruptedCallerDoesNotCloseTheDatabase() throws Exception {
    try (Catalog catalog = open()) {
      nvme.put("m", 1, 1).applyTo(catalog);
      assertThat(catalog.awaitApplied(LONG)).isTrue();
      Thread.currentThread().interrupt();
      try {
        catalog.list(); // may be answered before the interrupt is seen
      } catch (LarderException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
      }
      assertThat(Thread.interrupted()).isTrue();
      assertThat(names(catalog)).containsExactly("m:latest");
      assertThat(catalog.findings()).isEmpty();
    }
  }

  @Test
  void aClosedCatalogSaysSo() throws Exception {
    Catalog catalog = open();
    catalog.close();
    catalog.close();
    nvme.put("m", 1, 1).applyTo(catalog);
    assertThat(catalog.awaitApplied(Duration.ZERO)).isFalse();
    assertThatThrownBy(catalog::list).isInstanceOf(LarderException.class);
    assertThatThrownBy(catalog::clear).isInstanceOf(LarderException.class);
  }
}
