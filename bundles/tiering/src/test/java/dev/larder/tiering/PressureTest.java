package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Content;
import dev.larder.api.ErrorCode;
import dev.larder.api.NoSuitableTierException;
import dev.larder.api.PutRequest;
import dev.larder.api.Replica;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.SwapTimeoutException;
import dev.larder.api.TierInfo;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PressureTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, 8 << 20);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static byte[] random(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aPutThatDoesNotFitIsRefusedBeforeItStarts() throws IOException {
    rig.tier("small", "nvme", TierRole.STORAGE, OptionalLong.of(64 << 20));
    long written = rig.info("small").bytesWritten();
    Content huge =
        Content.of(
            Channels.newChannel(new ByteArrayInputStream(new byte[0])),
            OptionalLong.of(100L << 30));
    Rig.fails(
        ErrorCode.TIER_FULL,
        () ->
            rig.core
                .store()
                .put(PutRequest.of(Rig.ref("x"), ArtifactKind.MODEL).onTier("small"), huge));
    assertThat(rig.info("small").bytesWritten()).isEqualTo(written);
  }

  @Test
  void aTierThatRunsFullInMidPutTakesNothingAndGoesOnWorking() throws IOException {
    rig.tier("small", "nvme", TierRole.STORAGE, OptionalLong.of(64 << 20));
    byte[] before = random(1, 1 << 20);
    rig.put("before", before, "small");
    Content endless =
        Content.of(
            Channels.newChannel(new ByteArrayInputStream(random(2, 80 << 20))),
            OptionalLong.empty());
    Rig.fails(
        ErrorCode.TIER_FULL,
        () ->
            rig.core
                .store()
                .put(PutRequest.of(Rig.ref("x"), ArtifactKind.MODEL).onTier("small"), endless));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("x"));
    rig.core.maintenance().collect();
    rig.put("after", random(3, 1 << 20), "small");
    assertThat(rig.get("before")).isEqualTo(before);
    rig.core.store().delete(Rig.ref("before"));
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("before"));
  }

  @Test
  void noSuitableTierSaysWhyForEach() throws Exception {
    rig.tier("small", "sd", TierRole.STORAGE, OptionalLong.of(64 << 20));
    Content huge =
        Content.of(
            Channels.newChannel(new ByteArrayInputStream(new byte[0])), OptionalLong.of(1L << 50));
    assertThatThrownBy(
            () -> rig.core.store().put(PutRequest.of(Rig.ref("x"), ArtifactKind.MODEL), huge))
        .isInstanceOfSatisfying(
            NoSuitableTierException.class,
            e -> assertThat(e.reasons()).containsOnlyKeys("local", "small"))
        .hasMessageContaining("local: full")
        .hasMessageContaining("small: full");
  }

  @Test
  void whatIsLargerThanTheRamCacheOrLeasedIsAnError() throws IOException {
    rig.put("huge", random(1, 9 << 20));
    Rig.fails(
        ErrorCode.TOO_LARGE_FOR_RAM,
        () -> rig.core.swapper().swap(SwapRequest.of(Rig.ref("huge")).withTimeout(LONG)));
    rig.put("a", random(2, 5 << 20));
    rig.put("b", random(3, 5 << 20));
    SwapResult a = rig.core.swapper().swap(SwapRequest.of(Rig.ref("a")).withTimeout(LONG));
    Rig.fails(
        ErrorCode.RAM_FULL,
        () -> rig.core.swapper().swap(SwapRequest.of(Rig.ref("b")).withTimeout(LONG)));
    rig.core.swapper().release(a.lease());
    assertThat(rig.core.swapper().swap(SwapRequest.of(Rig.ref("b")).withTimeout(LONG)).level())
        .isEqualTo(SwapLevel.STORAGE);
  }

  @Test
  void aCallerThatDoesNotWaitGetsATimeoutAndTheLoadGoesOn() throws Exception {
    rig.put("m", random(4, 6 << 20));
    assertThatThrownBy(
            () -> rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(Duration.ZERO)))
        .isInstanceOf(SwapTimeoutException.class);
    assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    assertThat(rig.core.swapper().leases()).isEmpty();
    assertThat(rig.core.swapper().swap(SwapRequest.of(Rig.ref("m"))).level())
        .isEqualTo(SwapLevel.RAM);
  }

  @Test
  void theSecondLoadBringsACopyToTheCacheTier() throws Exception {
    rig.tier("card", "sd");
    rig.tier("flash", "nvme", TierRole.CACHE, OptionalLong.empty());
    byte[] model = random(5, 1 << 20);
    rig.put("m", model, "card");
    for (SwapLevel expected :
        new SwapLevel[] {SwapLevel.STORAGE, SwapLevel.STORAGE, SwapLevel.CACHE}) {
      SwapResult swap = rig.core.swapper().swap(SwapRequest.of(Rig.ref("m")).withTimeout(LONG));
      assertThat(swap.level()).isEqualTo(expected);
      rig.core.swapper().release(swap.lease());
      rig.core.swapper().evictAll();
      assertThat(rig.core.maintenance().awaitIdle(LONG)).isTrue();
    }
    assertThat(rig.core.store().show(Rig.ref("m")).replicas())
        .extracting(Replica::tier, Replica::role)
        .contains(
            org.assertj.core.groups.Tuple.tuple("flash", TierRole.CACHE),
            org.assertj.core.groups.Tuple.tuple("card", TierRole.STORAGE));
    assertThat(rig.core.statistics().current().replicaBytes()).isPositive();
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.put("x", model, "flash"));
    rig.core.store().delete(Rig.ref("m"));
    rig.core.maintenance().collect();
    assertThat(rig.info("flash").artifacts()).isZero();
    rig.core.tiers().remove("flash");
  }

  @Test
  void aFullFastTierHandsItsColdestToASlowerOne() throws Exception {
    rig.core.tiers().remove("local");
    rig.tier("flash", "nvme", TierRole.STORAGE, OptionalLong.of(96 << 20));
    rig.tier("card", "sd");
    byte[][] models = new byte[24][];
    for (int i = 0; i < models.length; i++) {
      models[i] = random(i, 4 << 20);
      rig.put("m" + i, models[i]);
      assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(rig.core.store().show(Rig.ref("m0")).replicas())
        .extracting(Replica::tier)
        .containsExactly("card");
    assertThat(rig.info("flash").artifacts()).isGreaterThan(10);
    for (int i = 0; i < models.length; i++) {
      assertThat(rig.get("m" + i)).isEqualTo(models[i]);
    }
  }

  @Test
  void tiersInBadPlacesAreRefusedAndLeaveNothing() throws IOException {
    Path files = Files.createDirectories(folder.resolve("media/foreign"));
    Files.writeString(files.resolve("precious.txt"), "mine");
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> rig.tier("foreign", "sd"));
    try (var left = Files.list(files)) {
      assertThat(left).containsExactly(files.resolve("precious.txt"));
    }
    Rig.fails(ErrorCode.NOT_FOUND, () -> add("missing", folder.resolve("no/such/folder")));
    Rig.fails(ErrorCode.INVALID_ARGUMENT, () -> add("../x", folder));
    Rig.fails(ErrorCode.ALREADY_EXISTS, () -> add("local", folder));
    Rig.fails(ErrorCode.ALREADY_EXISTS, () -> add("twice", folder.resolve("home/tiers/local")));
    Path empty = Files.createDirectories(folder.resolve("media/empty"));
    Rig.fails(ErrorCode.DRIVER_MISSING, () -> rig.tier("empty", "no-such-driver"));
    assertThat(empty).isEmptyDirectory();
    assertThat(rig.core.tiers().tiers()).extracting(TierInfo::name).containsExactly("local");
  }

  private TierInfo add(String name, Path place) throws IOException {
    return rig.core
        .tiers()
        .add(
            new TierSpec(
                name,
                place.toString(),
                Optional.empty(),
                TierRole.STORAGE,
                OptionalLong.empty(),
                Map.of()));
  }

  @Test
  void aCopyOfAVolumeIsATwinAndRefused() throws IOException {
    rig.tier("card", "sd");
    rig.put("m", random(6, 100_000), "card");
    rig.core.close();
    Path copy = Files.createDirectories(folder.resolve("media/copy"));
    try (var all = Files.list(folder.resolve("media/card"))) {
      for (Path file : all.toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    rig.start();
    Rig.fails(ErrorCode.ALREADY_EXISTS, () -> rig.tier("copy", "sd"));
    assertThat(rig.get("m")).isEqualTo(random(6, 100_000));
  }

  @Test
  void aVolumeThatWasAwayLearnsOfDeletions() throws Exception {
    rig.tier("card", "sd");
    rig.put("m", random(7, 1000), "card");
    rig.put("m", random(8, 1000), "local");
    rig.plugins.drivers().removed(rig.sd);
    rig.core.store().delete(Rig.ref("m"));
    rig.plugins.drivers().added("sd", rig.sd, "test", 0);
    rig.awaitState("card", TierState.READY);
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("m"));
    rig.restart();
    Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get("m"));
    assertThat(rig.info("card").state()).as(rig.info("card").reason()).isEqualTo(TierState.READY);
  }
}
