package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ErrorCode;
import dev.larder.api.RepairReport;
import dev.larder.api.Replica;
import dev.larder.api.ScrubReport;
import dev.larder.api.SwapRequest;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RepairTest {

  private static final Duration LONG = Duration.ofSeconds(30);

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

  /** Flips a byte in the middle of the largest pack of a tier. */
  private void damage(String tier) throws IOException {
    damage(tier, 500_000);
  }

  private void damage(String tier, long at) throws IOException {
    try (var files = Files.list(folder.resolve("media").resolve(tier))) {
      Path pack =
          files
              .filter(file -> file.getFileName().toString().startsWith("pack-"))
              .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
              .orElseThrow();
      try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
        file.seek(at);
        int old = file.read();
        file.seek(at);
        file.write(old ^ 0x55);
      }
    }
  }

  @Test
  void damageWithoutAnotherReplicaIsNamedAndNeverServed() throws IOException {
    rig.tier("card", "sd");
    rig.put("m", Rig.model(1, 4 << 20), "card");
    damage("card");
    Rig.fails(ErrorCode.CORRUPT, () -> rig.get("m"));
    Rig.fails(
        ErrorCode.CORRUPT,
        () -> rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(LONG)));
    ScrubReport report = rig.core.maintenance().scrub(Optional.of("card"));
    assertThat(report.bad()).isPositive();
    assertThat(report.repaired()).isZero();
    assertThat(report.findings()).isNotEmpty();
  }

  /** A model with a home on the card and a copy on the faster flash. */
  private byte[] onCardAndFlash() throws Exception {
    rig.tier("card", "sd");
    rig.tier("flash", "nvme", TierRole.CACHE, OptionalLong.empty());
    byte[] model = Rig.model(2, 4 << 20);
    rig.put("m", model, "card");
    for (int i = 0; i < 2; i++) {
      rig.core
          .swapper()
          .release(rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(LONG)).lease());
      rig.core.swapper().evictAll();
      assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    }
    assertThat(rig.core.store().show(Rig.ref("m")).replicas())
        .extracting(Replica::tier)
        .containsExactlyInAnyOrder("flash", "card");
    return model;
  }

  @Test
  void aScrubRepairsFromAnotherReplica() throws Exception {
    onCardAndFlash();
    damage("flash");
    ScrubReport report = rig.core.maintenance().scrub(Optional.of("flash"));
    assertThat(report.bad()).isPositive();
    assertThat(report.repaired()).isEqualTo(report.bad());
    assertThat(report.findings()).isEmpty();
    assertThat(rig.core.maintenance().scrub(Optional.of("flash")).bad()).isZero();
    assertThat(rig.core.maintenance().repair(false))
        .isEqualTo(new RepairReport(0, 0, 1, 0, List.of()));
  }

  @Test
  void damageThatAReadFindsIsReadAroundAndRepairedByItself() throws Exception {
    byte[] model = onCardAndFlash();
    damage("flash");
    assertThat(rig.get("m")).isEqualTo(model);
    assertThat(
            Files.readAllBytes(
                rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(LONG)).path()))
        .isEqualTo(model);
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    assertThat(rig.core.health().findings()).isEmpty();
    assertThat(rig.core.maintenance().scrub(Optional.of("flash")).bad()).isZero();
    RepairReport purged = rig.core.maintenance().repair(true);
    assertThat(purged.quarantinedPacks()).isZero();
    assertThat(rig.core.maintenance().scrub(Optional.empty()).bad()).isZero();
    assertThat(rig.get("m")).isEqualTo(model);
  }

  @Test
  void damageSeldomComesAloneAndIsRepairedAsAWhole() throws Exception {
    byte[] model = onCardAndFlash();
    for (long at = 300_000; at < 1_800_000; at += 300_000) {
      damage("flash", at);
    }
    assertThat(rig.get("m")).isEqualTo(model);
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    assertThat(rig.core.maintenance().scrub(Optional.of("flash")).bad()).isZero();
  }

  @Test
  void aMediumMadeForLarderIsTakenAndOthersAreLeftAlone() throws Exception {
    Path mine = Files.createDirectories(folder.resolve("mnt/my card/larder")).getParent();
    Path other = Files.createDirectories(folder.resolve("mnt/other/larder/src")).getParent();
    Files.writeString(
        folder.resolve("root/proc/mounts"),
        "overlay / overlay rw 0 0\n/dev/mmcblk0p1 "
            + mine.toString().replace(" ", "\\040")
            + " ext4 rw 0 0\n/dev/sda1 "
            + other.getParent()
            + " ext4 rw 0 0\n");
    for (String device : new String[] {"mmcblk0", "sda"}) {
      Files.createDirectories(folder.resolve("root/sys/block").resolve(device));
    }
    Files.createDirectories(folder.resolve("root/sys/block/mmcblk0/mmcblk0p1"));
    Files.createDirectories(folder.resolve("root/sys/block/sda/sda1"));
    rig.restart();
    long end = System.nanoTime() + LONG.toNanos();
    while (rig.core.tiers().tiers().size() < 2 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(rig.core.tiers().tiers())
        .extracting(TierInfo::name)
        .containsExactlyInAnyOrder("local", "my-card");
    try (var files = Files.list(other)) {
      assertThat(files).containsExactly(other.resolve("src"));
    }
  }
}
