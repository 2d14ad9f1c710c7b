package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.ArtifactKind;
import dev.larder.api.ArtifactSummary;
import dev.larder.api.Content;
import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.HistoryEntry;
import dev.larder.api.PutBatch;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Replica;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.Temperature;
import dev.larder.api.TierInfo;
import dev.larder.api.TierState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayLifeTest {

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void theFirstStartMakesALocalTier() {
    assertThat(rig.core.tiers().tiers()).extracting(TierInfo::name).containsExactly("local");
    assertThat(rig.info("local").state()).isEqualTo(TierState.READY);
    assertThat(rig.info("local").driver()).isEqualTo("folder");
    assertThat(rig.core.health().ready()).isTrue();
    assertThat(rig.core.health().findings()).isEmpty();
  }

  @Test
  void whatIsPutIsReadAndSwappedAlsoAfterARestart() throws IOException {
    byte[] model = Rig.model(1, 3 << 20);
    PutResult put = rig.put("detector:v1", model);
    assertThat(put.created()).isTrue();
    assertThat(put.size()).isEqualTo(model.length);
    assertThat(put.tier()).isEqualTo("local");
    assertThat(rig.get("detector:v1")).isEqualTo(model);
    SwapResult cold = rig.core.swapper().swap(SwapRequest.of(Rig.ref("detector:v1")));
    assertThat(cold.level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(Files.readAllBytes(cold.path())).isEqualTo(model);
    SwapResult hot = rig.core.swapper().swap(SwapRequest.of(Rig.ref("detector:v1")));
    assertThat(hot.level()).isEqualTo(SwapLevel.RAM);

    rig.restart();

    assertThat(rig.get("detector:v1")).isEqualTo(model);
    assertThat(rig.core.store().list())
        .extracting(row -> row.reference().toString())
        .containsExactly("detector:v1");
    assertThat(rig.events).contains(Events.STORED, Events.SWAPPED, Events.TIER_STATE);
  }

  @Test
  void emptyAndTinyArtifactsWork() throws IOException {
    for (int size : new int[] {0, 1, 2}) {
      byte[] bytes = Rig.model(size, size);
      rig.put("tiny/" + size, bytes);
      assertThat(rig.get("tiny/" + size)).isEqualTo(bytes);
      SwapResult swap = rig.core.swapper().swap(SwapRequest.of(Rig.ref("tiny/" + size)));
      assertThat(Files.readAllBytes(swap.path())).isEqualTo(bytes);
    }
  }

  @Test
  void theSameContentIsStoredOnce() throws IOException {
    byte[] model = Rig.model(2, 1 << 20);
    rig.put("a", model);
    PutResult again = rig.put("b", model);
    assertThat(again.created()).isFalse();
    assertThat(again.newBlocks()).isZero();
    assertThat(rig.core.statistics().current().artifacts()).isEqualTo(2);
    assertThat(rig.core.statistics().current().dedupSavedBytes()).isGreaterThanOrEqualTo(1 << 20);
  }

  @Test
  void namesCanBeTaggedRolledBackAndDeleted() throws IOException {
    byte[] one = Rig.model(3, 200_000);
    byte[] two = Rig.model(4, 200_000);
    rig.put("m", one);
    rig.put("m", two);
    rig.core.store().tag(Rig.ref("m"), Rig.ref("m:stable"));
    assertThat(rig.get("m:stable")).isEqualTo(two);
    rig.core.store().rollback(Rig.ref("m"));
    assertThat(rig.get("m")).isEqualTo(one);
    ArtifactDetails details = rig.core.store().show(Rig.ref("m"));
    assertThat(details.history()).hasSize(3);
    assertThat(details.history()).extracting(HistoryEntry::current).startsWith(true, false);
    assertThat(details.temperature()).isEqualTo(Temperature.CACHED);
    rig.core.store().delete(Rig.ref("m"));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("m"));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.core.store().rollback(Rig.ref("m")));
    assertThat(rig.get("m:stable")).isEqualTo(two);

    rig.restart();

    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("m"));
    assertThat(rig.get("m:stable")).isEqualTo(two);
  }

  @Test
  void collectionGivesBackWhatIsDeletedAndKeepsTheHistory() throws IOException {
    byte[] keep = Rig.model(5, 1 << 20);
    rig.put("keep", keep);
    rig.put("keep", Rig.model(6, 1 << 20));
    rig.put("drop", Rig.model(7, 4 << 20));
    long before = rig.core.statistics().current().storedBytes();
    rig.core.store().delete(Rig.ref("drop"));
    assertThat(rig.core.maintenance().collect().artifacts()).isEqualTo(1);
    assertThat(rig.core.statistics().current().storedBytes()).isLessThan(before / 2);
    rig.core.store().rollback(Rig.ref("keep"));
    assertThat(rig.get("keep")).isEqualTo(keep);
    rig.restart();
    assertThat(rig.get("keep")).isEqualTo(keep);
    assertThat(rig.core.store().list()).hasSize(1);
  }

  @Test
  void theCatalogCanBeThrownAway() throws Exception {
    rig.put("a:1", Rig.model(8, 100_000));
    rig.put("b:1", Rig.model(9, 100_000));
    assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(10))).isTrue();
    List<ArtifactSummary> before = rig.core.store().list();
    rig.core.close();
    deleteTree(folder.resolve("home/catalog"));
    rig.start();
    assertThat(rig.core.store().list()).isEqualTo(before);
    assertThat(rig.core.maintenance().rebuildCatalog()).isEqualTo(2);
    assertThat(rig.core.store().list()).isEqualTo(before);
    assertThat(rig.get("a:1")).isEqualTo(Rig.model(8, 100_000));
  }

  private static void deleteTree(Path top) throws IOException {
    try (var files = Files.walk(top)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aBatchIsStoredWithOneForce() throws IOException {
    Map<PutRequest, Content> batch = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      batch.put(
          PutRequest.of(Rig.ref("batch/" + i), ArtifactKind.PROTOCOL_DATA),
          Rig.content(Rig.model(i % 40, 5000)));
    }
    long forces = rig.core.statistics().current().forces();
    List<PutResult> results = rig.core.store().putAll(PutBatch.of(batch));
    assertThat(results).hasSize(50);
    assertThat(results.stream().filter(PutResult::created)).hasSize(40);
    assertThat(rig.core.statistics().current().forces() - forces).isLessThanOrEqualTo(2);
    assertThat(rig.get("batch/45")).isEqualTo(Rig.model(5, 5000));
    rig.restart();
    assertThat(rig.get("batch/49")).isEqualTo(Rig.model(9, 5000));
  }

  @Test
  void aBatchThatFailsLeavesNothing() throws IOException {
    Map<PutRequest, Content> batch = new LinkedHashMap<>();
    batch.put(
        PutRequest.of(Rig.ref("good"), ArtifactKind.MODEL), Rig.content(Rig.model(1, 100_000)));
    batch.put(
        PutRequest.of(Rig.ref("bad"), ArtifactKind.MODEL),
        Content.of(folder.resolve("there-is-no-such-file")));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.core.store().putAll(PutBatch.of(batch)));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("good"));
    assertThat(rig.core.store().list()).isEmpty();
  }

  @Test
  void aBodyThatEndsTooEarlyLeavesNothing() throws IOException {
    Content cut =
        Content.of(
            java.nio.channels.Channels.newChannel(
                new java.io.ByteArrayInputStream(Rig.model(1, 100_000))),
            java.util.OptionalLong.of(200_000));
    Rig.fails(
        ErrorCode.BODY_INCOMPLETE,
        () -> rig.core.store().put(PutRequest.of(Rig.ref("x"), ArtifactKind.MODEL), cut));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("x"));
  }

  @Test
  void aSecondGatewayOnTheHomeIsRefused() throws IOException {
    Plugins none = Plugins.none(rig.settings);
    try (LarderCore second = new LarderCore(rig.settings, none, (topic, properties) -> {})) {
      second.start();
      second.pluginsSettled();
      Rig.fails(ErrorCode.LOCKED, () -> second.store().list());
      assertThat(second.failure()).isPresent();
      assertThat(second.health().ready()).isFalse();
      assertThat(second.health().findings()).hasSize(1);
    }
    rig.put("still", Rig.model(1, 1000));
    assertThat(rig.get("still")).hasSize(1000);
  }

  @Test
  void anArtifactMovesAndTheOldTierGivesItsRoomBack() throws IOException {
    rig.tier("card", "sd");
    byte[] model = Rig.model(11, 2 << 20);
    rig.put("m", model, "local");
    rig.put("m", Rig.model(12, 1 << 20), "local");
    rig.core.store().rollback(Rig.ref("m"));
    ArtifactDetails details = rig.core.tiers().migrate(Rig.ref("m"), "card");
    assertThat(details.replicas()).extracting(Replica::tier).containsExactly("card");
    rig.core.maintenance().collect();
    assertThat(rig.get("m")).isEqualTo(model);
    assertThat(rig.core.store().show(Rig.ref("m")).history()).hasSize(3);
    rig.restart();
    assertThat(rig.get("m")).isEqualTo(model);
    assertThat(rig.core.store().show(Rig.ref("m")).replicas())
        .extracting(Replica::tier)
        .containsExactly("card");
    assertThat(rig.core.store().list().get(0).tiers()).containsExactly("card");
  }

  @Test
  void aRemovedTierIsDrainedFirst() throws IOException {
    rig.tier("card", "sd");
    byte[] model = Rig.model(13, 1 << 20);
    rig.put("m", model, "card");
    rig.core.tiers().remove("card");
    assertThat(rig.core.tiers().tiers()).extracting(TierInfo::name).containsExactly("local");
    assertThat(rig.get("m")).isEqualTo(model);
    rig.restart();
    assertThat(rig.core.tiers().tiers()).extracting(TierInfo::name).containsExactly("local");
    assertThat(rig.get("m")).isEqualTo(model);
    assertThat(rig.core.store().list()).hasSize(1);
  }

  @Test
  void theLastStorageTierCannotBeRemovedWhileItIsNeeded() throws IOException {
    rig.put("m", Rig.model(14, 1000));
    Rig.fails(ErrorCode.NO_SUITABLE_TIER, () -> rig.core.tiers().remove("local"));
    assertThat(rig.info("local").state()).isEqualTo(TierState.READY);
    rig.put("n", Rig.model(15, 1000));
    assertThat(rig.get("m")).hasSize(1000);
  }
}
