package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.ModelSwapper;
import dev.larder.api.Reference;
import dev.larder.api.SwapLevel;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.TierState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in RAM is in RAM after a restart. */
class RestartTest {

  @TempDir Path folder;
  private Rig rig;

  @BeforeEach
  void start() throws IOException {
    rig = new Rig(folder);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private SwapResult swap(String reference) throws IOException {
    return rig.core.swapper().swap(SwapRequest.of(Rig.ref(reference)));
  }

  private void awaitIdle() throws InterruptedException {
    assertThat(rig.core.maintenance().awaitIdle(Duration.ofSeconds(20))).isTrue();
  }

  private Path link(String name) {
    return folder.resolve("ram/active/" + name + ":latest");
  }

  @Test
  void aSwapAfterARestartIsAHitAtOnceOrOnceChecked() throws Exception {
    byte[] model = Rig.model(1, 3_000_000);
    rig.put("a/m", model);
    assertThat(swap("a/m").level()).isEqualTo(SwapLevel.STORAGE);
    rig.restart();
    SwapResult first = swap("a/m"); // whether it was checked in the background or now
    assertThat(first.level()).isEqualTo(SwapLevel.RAM);
    assertThat(first.bytesRead()).isZero();
    assertThat(link("a/m")).hasBinaryContent(model);
    rig.restart();
    awaitIdle();
    assertThat(swap("a/m").level()).isEqualTo(SwapLevel.RAM);
    assertThat(rig.core.statistics().current().cache().usedBytes()).isEqualTo(model.length);
  }

  @Test
  void whatIsMappedOutlivesTheGateway() throws Exception {
    byte[] model = Rig.model(7, 100_000);
    rig.put("m", model);
    ModelSwapper swapper = rig.core.swapper();
    SwapResult swapped =
        swapper.swap(SwapRequest.of(Reference.parse("m")).withTimeout(Duration.ofSeconds(5)));
    MappedByteBuffer mapped;
    try (FileChannel file = FileChannel.open(swapped.path())) {
      mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, swapped.size());
    }
    swapper.release(swapped.lease());
    swapper.evictAll();
    rig.core.close();
    assertThat(swapped.path()).doesNotExist();
    assertThat(mapped).isEqualTo(ByteBuffer.wrap(model));
  }

  @Test
  void whatWasDamagedMeanwhileIsLoadedAnew() throws Exception {
    byte[] model = Rig.model(2, 3_000_000);
    rig.put("m", model);
    Path file = swap("m").path();
    rig.core.close();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.write(file, Rig.model(3, 3_000_000));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
    rig.start();
    SwapResult swapped = swap("m");
    assertThat(swapped.level()).isEqualTo(SwapLevel.STORAGE);
    assertThat(swapped.path()).isEqualTo(file).hasBinaryContent(model);
  }

  @Test
  void whatHasBeenDeletedGoesWhenAllTiersAreThere() throws Exception {
    rig.put("kept", Rig.model(4, 100_000));
    rig.put("gone", Rig.model(5, 100_000));
    swap("kept");
    Path gone = swap("gone").path();
    Path copy = folder.resolve("copy");
    Files.copy(gone, copy);
    rig.core.swapper().release(Rig.ref("gone"));
    rig.core.store().delete(Rig.ref("gone"));
    rig.core.maintenance().collect();
    rig.core.close();
    // As after a crash between the deletion and its effect on the RAM cache.
    Files.copy(copy, gone);
    Files.setPosixFilePermissions(gone, PosixFilePermissions.fromString("r--r-----"));
    Files.createSymbolicLink(link("gone"), Path.of("../blobs").resolve(gone.getFileName()));
    rig.start();
    Rig.await("it has gone", () -> !Files.exists(gone));
    assertThat(Files.exists(link("gone"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(link("kept")).exists();
    assertThat(swap("kept").level()).isEqualTo(SwapLevel.RAM);
  }

  @Test
  void whatIsOnATierThatIsAwayStaysUntilItIsBack() throws Exception {
    rig.tier("card", "sd");
    byte[] model = Rig.model(6, 100_000);
    rig.put("m", model, "card");
    Path file = swap("m").path();
    rig.core.close();
    Files.move(rig.medium("card"), folder.resolve("pulled"));
    rig.start();
    awaitIdle();
    Thread.sleep(1_500); // longer than it takes to look through the cache
    assertThat(file).hasBinaryContent(model);
    Files.move(folder.resolve("pulled"), rig.medium("card"));
    rig.awaitState("card", TierState.READY);
    assertThat(swap("m").level()).isEqualTo(SwapLevel.RAM);
  }
}
