package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.api.ErrorCode;
import dev.larder.api.HealthFinding;
import dev.larder.api.Replica;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapTimeoutException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cards that do not answer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HungMediumTest {

  private static final byte[] MODEL = Rig.model(1, 3 << 20);

  @TempDir Path folder;
  private Rig rig;
  private final PullableDriver slot = new PullableDriver();

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder);
    rig.plugins.drivers().removed(rig.sd);
    rig.plugins.drivers().added("sd", slot, "test", 0);
    rig.tier("card", "sd");
    rig.tier("ssd", "nvme");
    rig.put("m", MODEL, "card");
  }

  @AfterEach
  void close() {
    slot.answer();
    rig.close();
  }

  private byte[] swap(String name, Duration timeout) throws IOException {
    return Files.readAllBytes(
        rig.core.swapper().swap(SwapRequest.of(Rig.ref(name)).withTimeout(timeout)).path());
  }

  @Test
  void whoSwapsHasHisErrorInTimeAndOtherTiersGoOn() throws Exception {
    for (int i = 0; i < 10; i++) {
      rig.put("other" + i, Rig.model(10 + i, 1 << 20), "ssd");
    }
    slot.hang();
    long start = System.nanoTime();
    assertThatThrownBy(() -> swap("m", Duration.ofSeconds(1)))
        .isInstanceOf(SwapTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    for (int i = 0; i < 10; i++) {
      assertThat(swap("other" + i, Duration.ofSeconds(20))).isEqualTo(Rig.model(10 + i, 1 << 20));
    }
    Rig.fails(ErrorCode.IO_ERROR, () -> swap("m", Duration.ofSeconds(30)));
    Rig.fails(ErrorCode.IO_ERROR, () -> rig.get("m")); // at once
    assertThat(rig.core.health().findings())
        .extracting(HealthFinding::subject, HealthFinding::finding)
        .anySatisfy(
            found -> {
              assertThat(found.toList().get(0)).isEqualTo("tier/card");
              assertThat(found.toList().get(1)).asString().contains("has not answered for");
            });
    assertThat(rig.put("another", Rig.model(30, 1 << 20), "ssd").tier()).isEqualTo("ssd");
    slot.answer();
    Rig.await("answers again", () -> rig.info("card").state() == TierState.READY);
    Rig.await("is read again", () -> isRead("m"));
    assertThat(swap("m", Duration.ofSeconds(20))).isEqualTo(MODEL);
  }

  private boolean isRead(String name) {
    try {
      return rig.get(name).length == MODEL.length;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void anotherReplicaIsUsed() throws Exception {
    Path place = Files.createDirectories(rig.medium("fast"));
    Map<String, String> uhs2 = Map.of("profile", "uhs2");
    rig.core
        .tiers()
        .add(
            new TierSpec(
                "fast",
                place.toString(),
                Optional.of("sd"),
                TierRole.STORAGE,
                OptionalLong.empty(),
                uhs2));
    rig.tier("slow", "folder");
    rig.put("n", MODEL, "slow");
    rig.put("n2", MODEL, "fast");
    rig.core.tiers().remove("card");
    assertThat(rig.core.store().show(Rig.ref("m")).replicas())
        .extracting(Replica::tier)
        .contains("fast", "slow");
    slot.hang();
    assertThat(swap("m", Duration.ofSeconds(20))).isEqualTo(MODEL);
  }
}
