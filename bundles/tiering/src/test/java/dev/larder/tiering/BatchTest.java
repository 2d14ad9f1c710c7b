package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.ErrorCode;
import dev.larder.api.PutBatch;
import dev.larder.api.PutRequest;
import dev.larder.api.TierState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches whose artifacts come to more than one tier. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BatchTest {

  private static final byte[] ONE = Rig.model(1, 50_000);
  private static final byte[] TWO = Rig.model(2, 50_000);
  private static final byte[] OLD = Rig.model(3, 5_000);

  @TempDir Path folder;
  private Rig rig;
  private final PullableDriver slot = new PullableDriver();

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(Files.createDirectory(folder.resolve("ours")));
    rig.plugins.drivers().removed(rig.sd);
    rig.plugins.drivers().added("sd", slot, "test", 0);
    rig.sd = slot;
    rig.tier("card", "sd");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static PutBatch.Entry entry(String reference, byte[] bytes, String tier) {
    PutRequest request = PutRequest.of(Rig.ref(reference), ArtifactKind.MODEL).onTier(tier);
    return new PutBatch.Entry(request, Rig.content(bytes));
  }

  /** Does something once everything has arrived, just before the commit. */
  private static PutBatch batch(Runnable atItsEnd, PutBatch.Entry... entries) {
    Queue<PutBatch.Entry> left = new ArrayDeque<>(List.of(entries));
    return () -> {
      if (left.isEmpty()) {
        atItsEnd.run();
      }
      return Optional.ofNullable(left.poll());
    };
  }

  @Test
  void nothingShowsIfOneTierCannotCommit() throws Exception {
    rig.put("b", OLD, "card");
    for (int i = 0; i < 2; i++) {
      boolean cardFirst = i == 0;
      PutBatch.Entry local = entry("a", ONE, "local");
      PutBatch.Entry card = entry("b", TWO, "card");
      PutBatch batch =
          batch(
              () -> slot.failWrites(() -> new IOException("Input/output error")),
              cardFirst ? card : local,
              cardFirst ? local : card);
      assertThatThrownBy(() -> rig.core.store().putAll(batch)).isInstanceOf(IOException.class);
      Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("a"));
      slot.heal();
      rig.restart();
      rig.awaitState("card", TierState.READY);
      Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("a"));
      assertThat(rig.get("b")).isEqualTo(OLD);
    }
  }

  @Test
  void eachTierHasTheNamesOfItsArtifactsInTheEnd() throws Exception {
    rig.core.store().putAll(batch(() -> {}, entry("a", ONE, "local"), entry("b", TWO, "card")));
    rig.restart();
    assertThat(rig.get("a")).isEqualTo(ONE);
    assertThat(rig.get("b")).isEqualTo(TWO);
    rig.close();
    try (Rig other = new Rig(Files.createDirectory(folder.resolve("other")))) {
      Files.createDirectories(other.medium("card").getParent());
      Files.move(rig.medium("card"), other.medium("card"));
      other.tier("card", "sd");
      other.core.tiers().importVolume("card");
      assertThat(other.get("b")).isEqualTo(TWO);
      Rig.fails(ErrorCode.NOT_FOUND, () -> other.get("a"));
    }
  }

  @Test
  void whatIsOnATierAlreadyIsNamedThere() throws Exception {
    rig.put("there", TWO, "card");
    rig.core.store().delete(Rig.ref("there"));
    rig.core
        .store()
        .putAll(
            batch(
                () -> collect(),
                entry("a", ONE, "local"),
                entry("b", TWO, "card"),
                entry("c", TWO, "card")));
    collect();
    rig.restart();
    assertThat(rig.get("b")).isEqualTo(TWO);
    assertThat(rig.get("c")).isEqualTo(TWO);
  }

  private void collect() {
    try {
      rig.core.maintenance().collect();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneThatIsTooLongIsRefused() {
    int[] count = new int[1];
    PutBatch batch =
        () -> Optional.of(entry("n/" + count[0]++, new byte[] {(byte) count[0]}, "local"));
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.core.store().putAll(batch));
    assertThat(count[0]).isEqualTo(PutBatch.MOST + 1);
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("n/0"));
  }
}
