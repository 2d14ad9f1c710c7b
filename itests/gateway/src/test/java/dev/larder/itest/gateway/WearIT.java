package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bytes that reach the block device for what is put, until the gateway has stopped: the whole home
 * is on a loop device of its own, so the file system's journal, the catalog and the logs all count.
 * What a start costs, whatever is put then, does not: the framework's cache of bundles, and the
 * native library of a codec, unpacked at the first put (1 MB).
 */
class WearIT {
  private static final int SMALL = 1024;
  private static final int PUTS = 1000;

  private LoopDisk disk;
  private Gateway gateway;
  private Api api;
  private Gateway outside;

  @BeforeEach
  void start() throws IOException {
    outside = new Gateway(); // only for its folder: the disk's image is not to be on the disk
    disk = LoopDisk.of(outside.folder, 2048);
    gateway = new Gateway(disk.folder);
    gateway.start();
    api = gateway.api();
    assertThat(api.put("first", Content.random(-1, SMALL))).isEqualTo(201);
    gateway.cli("wait", "idle").ok();
  }

  @AfterEach
  void close() throws IOException {
    if (gateway != null) {
      gateway.close();
      disk.close();
    }
    outside.close();
  }

  private long storedBytes() {
    JsonObject stats = api.get("/v1/stats").getAsJsonObject();
    return stats.get("storedBytes").getAsLong() - SMALL;
  }

  private long stopAndCount(long before, String what, long stored) {
    gateway.stop();
    long written = disk.bytesWritten() - before;
    System.out.printf(
        Locale.ROOT,
        "%s: %d bytes stored, %d bytes at the block device, %.4f times%n",
        what,
        stored,
        written,
        (double) written / stored);
    return written;
  }

  private void putSmall(int number) throws IOException {
    assertThat(api.put("small/" + number, Content.random(number, SMALL))).isEqualTo(201);
  }

  @Test
  void largeArtifacts() throws IOException {
    long before = disk.bytesWritten();
    for (int i = 0; i < 4; i++) {
      assertThat(api.put("ten/" + i, Content.random(i, 10_000_000))).isEqualTo(201);
    }
    long stored = storedBytes();
    assertThat(stored).isGreaterThanOrEqualTo(40_000_000);
    long written = stopAndCount(before, "4 artifacts of 10 MB", stored);
    assertThat((double) written / stored).isLessThanOrEqualTo(1.06);
  }

  @Test
  void smallArtifactsFromOneClient() throws IOException {
    long before = disk.bytesWritten();
    for (int i = 0; i < PUTS; i++) {
      putSmall(i);
    }
    long stored = storedBytes();
    long written = stopAndCount(before, "1,000 artifacts of 1 KiB, one client", stored);
    assertThat(written / PUTS).isLessThanOrEqualTo(16 << 10);
  }

  @Test
  void smallArtifactsFromManyClients() throws Exception {
    long before = disk.bytesWritten();
    int clients = 64;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        int first = client;
        tasks.add(
            () -> {
              for (int i = first; i < PUTS; i += clients) {
                putSmall(i);
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    long stored = storedBytes();
    long written = stopAndCount(before, "1,000 artifacts of 1 KiB, 64 clients", stored);
    // How many share a force depends on how many get to run at once: 3.8 KiB each on a machine that
    // does nothing else, 5.4 KiB on one that has ten times too much to do.
    assertThat(written / PUTS).isLessThanOrEqualTo(8 << 10);
  }
}
