package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Slow tiers encode anew what they hold while nothing else is to do. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReencodingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] LETTERS = letters();

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

  /** A fast search does not find the longest repetitions. */
  private static byte[] letters() {
    byte[] letters = new byte[300_000];
    Random random = new Random(1);
    for (int i = 0; i < letters.length; i++) {
      letters[i] = (byte) (random.nextBoolean() ? 'a' : 'b');
    }
    return letters;
  }

  private long stored() {
    return rig.core.statistics().current().storedBytes();
  }

  private void awaitIdle() throws InterruptedException {
    assertThat(rig.core.maintenance().awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void aCardTakesLessOnceItHasHadTime() throws Exception {
    rig.tier("card", "sd");
    rig.put("m:v1", LETTERS, "card");
    long before = stored();
    awaitIdle();
    assertThat(stored()).isLessThan(before * 9 / 10);
    assertThat(rig.get("m:v1")).isEqualTo(LETTERS);
    long after = stored();
    rig.restart();
    awaitIdle();
    assertThat(stored()).isEqualTo(after);
    assertThat(rig.core.maintenance().scrub(Optional.empty()).bad()).isZero();
  }

  @Test
  void whatIsFastStaysAsItIs() throws Exception {
    rig.tier("fast", "nvme");
    rig.put("m:v1", LETTERS, "fast");
    long before = stored();
    awaitIdle();
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void whoeverCollectsDoesNotWaitForIt() throws Exception {
    rig.tier("card", "sd");
    for (int i = 0; i < 10; i++) {
      byte[] content = LETTERS.clone();
      content[0] = (byte) i;
      rig.put("m" + i + ":v1", content, "card");
    }
    rig.core.maintenance().collect();
    awaitIdle();
    rig.core.maintenance().collect();
    assertThat(rig.core.maintenance().scrub(Optional.empty()).bad()).isZero();
  }
}
