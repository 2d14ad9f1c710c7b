package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.PutResult;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads take from RAM what is there. */
class ReuseTest {

  private static final int PART = 256 << 10;
  private static final int PARTS = 16;

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

  /** An artifact of parts, each of which is made of a number. */
  private static byte[] of(int... numbers) {
    byte[] bytes = new byte[numbers.length * PART];
    for (int i = 0; i < numbers.length; i++) {
      byte[] part = new byte[PART];
      new Random(numbers[i]).nextBytes(part);
      System.arraycopy(part, 0, bytes, i * PART, PART);
    }
    return bytes;
  }

  private static int[] numbers(int from) {
    int[] numbers = new int[PARTS];
    for (int i = 0; i < PARTS; i++) {
      numbers[i] = from + i;
    }
    return numbers;
  }

  private SwapResult swap(String reference) throws IOException {
    return rig.core
        .swapper()
        .swap(SwapRequest.of(Rig.ref(reference)).withTimeout(Duration.ofSeconds(30)));
  }

  @Test
  void aSiblingReadsOnlyWhatDiffers() throws Exception {
    int[] base = numbers(0);
    int[] sibling = base.clone();
    for (int i = 0; i < PARTS; i += 4) {
      sibling[i] += 100;
    }
    rig.put("base", of(base));
    PutResult put = rig.put("fine-tune", of(sibling));
    swap("base");
    SwapResult swapped = swap("fine-tune");
    assertThat(swapped.path()).hasBinaryContent(of(sibling));
    assertThat(swapped.level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(swapped.bytesRead()).isPositive().isLessThanOrEqualTo(put.storedBytes());
    assertThat(swapped.bytesReused()).isGreaterThan(PARTS * PART * 6 / 10);
  }

  @Test
  void whatWasInRamBeforeARestartIsCopiedFrom() throws Exception {
    int[] base = numbers(0);
    int[] sibling = base.clone();
    sibling[3] += 100;
    rig.put("base", of(base));
    rig.put("fine-tune", of(sibling));
    swap("base");
    rig.restart();
    assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(20))).isTrue();
    assertThat(swap("base").level()).isEqualTo(SwapLevel.RAM); // and is checked now
    SwapResult swapped = swap("fine-tune");
    assertThat(swapped.path()).hasBinaryContent(of(sibling));
    assertThat(swapped.bytesReused()).isGreaterThan(PARTS * PART * 9 / 10);
  }

  @Test
  void aDeltaTakesItsBaseFromRam() throws Exception {
    byte[] first = of(numbers(0));
    byte[] second = first.clone();
    Random random = new Random(3);
    for (int at = 0; at < second.length; at += 1 + random.nextInt(8 << 10)) {
      second[at]++;
    }
    rig.put("m:v1", first);
    PutResult put = rig.put("m:v2", second);
    assertThat(put.storedBytes()).isLessThan(second.length / 8);
    SwapResult cold = swap("m:v2");
    assertThat(cold.bytesRead()).isGreaterThan(second.length * 9 / 10);
    rig.core.swapper().release(cold.lease());
    rig.core.swapper().evictAll();
    swap("m:v1");
    SwapResult warm = swap("m:v2");
    assertThat(warm.path()).hasBinaryContent(second);
    assertThat(warm.bytesRead()).isPositive().isLessThanOrEqualTo(put.storedBytes());
  }

  @Test
  void nothingIsTakenFromWhatIsNotThereAnyMore() throws Exception {
    byte[] content = of(numbers(0));
    byte[] longer = of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    rig.put("base", content);
    rig.put("longer", longer);
    rig.core.swapper().release(swap("base").lease());
    rig.core.swapper().evictAll();
    SwapResult swapped = swap("longer");
    assertThat(swapped.path()).hasBinaryContent(longer);
    assertThat(swapped.bytesReused()).isZero();
  }

  /** Its owner may do to a file what he likes; then it is no source any more. */
  @Test
  void aFileThatWasCutShortIsReplacedByTheTier() throws Exception {
    byte[] content = of(numbers(0));
    byte[] longer = of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    rig.put("base", content);
    rig.put("longer", longer);
    Path base = swap("base").path();
    Files.setPosixFilePermissions(
        base, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.write(base, java.util.Arrays.copyOf(content, 5 * PART));
    SwapResult swapped = swap("longer");
    assertThat(swapped.path()).hasBinaryContent(longer);
    assertThat(swapped.bytesReused()).isPositive().isLessThanOrEqualTo(5 * PART);
  }

  /** Six siblings, room for three, four who swap and one who evicts. */
  @Test
  void contentIsRightWhileWhatItIsTakenFromGoes() throws Exception {
    rig.close();
    rig = new Rig(folder.resolve("small"), 3L * PARTS * PART + PART);
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int[] numbers = numbers(0);
      for (int j = 0; j < 4; j++) {
        numbers[(i * 5 + j * 3) % PARTS] += 100 * (i + 1);
      }
      contents.add(of(numbers));
      rig.put("m" + i, contents.get(i));
    }
    ExecutorService clients = Executors.newFixedThreadPool(3);
    try {
      List<Future<Long>> done = new ArrayList<>();
      for (int client = 0; client < 2; client++) {
        done.add(clients.submit(swapping(contents, client)));
      }
      Future<?> evicting =
          clients.submit(
              () -> {
                while (!done.stream().allMatch(Future::isDone)) {
                  rig.core.swapper().evictAll();
                  Thread.sleep(3);
                }
                return null;
              });
      long reused = 0;
      for (Future<Long> one : done) {
        reused += one.get();
      }
      evicting.get();
      assertThat(reused).isPositive();
    } finally {
      clients.shutdownNow();
    }
    rig.core.swapper().evictAll();
    assertThat(rig.core.statistics().current().cache().usedBytes()).as("still held").isZero();
  }

  private Callable<Long> swapping(List<byte[]> contents, int seed) {
    return () -> {
      Random random = new Random(seed);
      long reused = 0;
      for (int i = 0; i < 40; i++) {
        int which = random.nextInt(contents.size());
        try {
          SwapResult swapped = swap("m" + which);
          assertThat(Files.readAllBytes(swapped.path())).isEqualTo(contents.get(which));
          reused += swapped.bytesReused();
          rig.core.swapper().release(swapped.lease());
        } catch (LarderException e) {
          assertThat(e.code()).as(e.describe()).isEqualTo(ErrorCode.RAM_FULL);
        }
      }
      return reused;
    };
  }
}
