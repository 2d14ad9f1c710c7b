package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ArtifactKind;
import dev.larder.api.ErrorCode;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.codec.planes.PlanesCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Versions of an artifact are stored as what has changed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PredecessorTest {

  private static final int SIZE = 300_000;
  private static final byte[] FIRST = random();
  private static final byte[] SECOND = edited(FIRST, 1);
  private static final byte[] THIRD = edited(SECOND, 2);

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

  private static byte[] random() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /** No stretch of 8 KiB stays as it was. */
  private static byte[] edited(byte[] before, int seed) {
    byte[] after = before.clone();
    Random random = new Random(seed);
    for (int at = 0; at < SIZE; at += 1 + random.nextInt(8 << 10)) {
      after[at]++;
    }
    return after;
  }

  private PutResult put(String reference, byte[] content, String predecessor) throws IOException {
    PutRequest request =
        new PutRequest(
            Rig.ref(reference),
            ArtifactKind.MODEL,
            Optional.empty(),
            Optional.of(Rig.ref(predecessor)),
            false);
    return rig.core.store().put(request, Rig.content(content));
  }

  @Test
  void theArtifactThatWasLastPutUnderTheNameIsThePredecessor() throws Exception {
    assertThat(rig.put("m:v1", FIRST).storedBytes()).isGreaterThan(SIZE * 9 / 10);
    assertThat(rig.put("m:v2", SECOND).storedBytes()).isLessThan(SIZE / 8);
    assertThat(rig.put("m:v3", THIRD).storedBytes()).isLessThan(SIZE / 5);
    rig.core.store().delete(Rig.ref("m:v1"));
    rig.core.store().delete(Rig.ref("m:v2"));
    rig.core.maintenance().collect();
    assertThat(rig.get("m:v3")).isEqualTo(THIRD);
    rig.restart();
    assertThat(rig.get("m:v3")).isEqualTo(THIRD);
    assertThat(rig.core.maintenance().scrub(Optional.empty()).bad()).isZero();
  }

  @Test
  void anyReferenceCanBeNamedAndAnotherNameIsNone() throws Exception {
    rig.put("m:v1", FIRST);
    assertThat(rig.put("mm:v1", THIRD).storedBytes()).isGreaterThan(SIZE * 9 / 10);
    assertThat(put("other:v1", SECOND, "m:v1").storedBytes()).isLessThan(SIZE / 8);
    assertThat(rig.get("other:v1")).isEqualTo(SECOND);
    Rig.fails(ErrorCode.NOT_FOUND, () -> put("x", FIRST, "nobody:v1"));
  }

  @Test
  void aVersionStandsAloneOnATierThatDoesNotHaveItsPredecessor() throws Exception {
    rig.tier("card", "sd");
    rig.put("m:v1", FIRST);
    rig.put("m:v2", SECOND);
    assertThat(rig.put("m:v3", THIRD, "card").storedBytes()).isGreaterThan(SIZE * 9 / 10);
    rig.core.tiers().migrate(Rig.ref("m:v2"), "card");
    assertThat(rig.core.maintenance().awaitIdle(java.time.Duration.ofSeconds(20))).isTrue();
    assertThat(rig.get("m:v2")).isEqualTo(SECOND);
    assertThat(rig.get("m:v3")).isEqualTo(THIRD);
  }

  @Test
  void aVersionThatIsMigratedIsADeltaAgainstOneThatIsThere() throws Exception {
    rig.tier("card", "sd");
    rig.put("m:v1", FIRST);
    rig.put("m:v2", SECOND);
    rig.core.tiers().migrate(Rig.ref("m:v1"), "card");
    rig.core.tiers().migrate(Rig.ref("m:v2"), "card");
    rig.core.maintenance().collect();
    assertThat(rig.core.store().show(Rig.ref("m:v2")).replicas())
        .singleElement()
        .satisfies(replica -> assertThat(replica.storedBytes()).isLessThan(SIZE / 8));
    assertThat(rig.get("m:v1")).isEqualTo(FIRST);
    assertThat(rig.get("m:v2")).isEqualTo(SECOND);
  }

  /** A new export: the tensors are in another order, and their numbers are a little different. */
  private static byte[] exportedAnew(byte[] before) {
    int tensor = SIZE / 6;
    Random random = new Random(5);
    byte[] after = new byte[SIZE];
    int at = 0;
    for (int from : new int[] {3, 0, 5, 1, 4, 2}) {
      for (int i = from * tensor; i < (from + 1) * tensor; i++) {
        after[at++] = (byte) (before[i] + random.nextInt(3) - 1);
      }
    }
    return after;
  }

  @Test
  void tensorsAreFoundWhereverAnExportHasPutThem() throws Exception {
    rig.plugins.codecs().added(new PlanesCodec(), "test", 0);
    rig.put("m:v1", FIRST);
    byte[] second = exportedAnew(FIRST);
    assertThat(rig.put("m:v2", second).storedBytes()).isLessThan(SIZE / 3);
    assertThat(rig.get("m:v2")).isEqualTo(second);
    byte[] third = exportedAnew(second);
    assertThat(rig.put("m:v3", third).storedBytes()).isLessThan(SIZE / 2);
    assertThat(rig.get("m:v3")).isEqualTo(third);
  }
}
