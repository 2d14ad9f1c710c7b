package dev.larder.itest.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file much larger than the gateway's heap goes through it in bounded memory. */
class LargeFileIT {
  private static final long LIMIT = 200L << 20;

  private Gateway gateway;

  @BeforeEach
  void start() {
    gateway = new Gateway().set("LARDER_RAM_LIMIT", "6g").start();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void isPutSwappedAndGotInBoundedMemory() throws Exception {
    long size = Boolean.getBoolean("larder.long") ? 4L << 30 : 300L << 20;
    Path file = Content.weights(gateway.folder.resolve("large"), 9, size);
    String sha = Content.sha256(file);
    AtomicLong peak = new AtomicLong();
    ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    sampler.scheduleAtFixedRate(() -> sample(peak), 0, 100, TimeUnit.MILLISECONDS);

    JsonObject put = gateway.json("put", "large").object();
    assertThat(put.get("digest").getAsString()).isEqualTo(sha);
    Files.delete(file);

    JsonObject swap = gateway.json("swap", "large", "--timeout", "3m").object();
    assertThat(swap.get("level").getAsString()).isEqualTo("STORAGE");
    Path mapped = Path.of(swap.get("path").getAsString());
    assertThat(Content.sha256(mapped)).isEqualTo(sha);
    JsonObject again = gateway.json("swap", "large").object();
    assertThat(again.get("level").getAsString()).isEqualTo("RAM");

    // The content goes from RAM, then from the tier.
    gateway.cli("get", "large", "-o", "from-ram").ok();
    Files.delete(gateway.folder.resolve("from-ram"));
    gateway.cli("release", "large").ok();
    gateway.cli("evict", "large").ok();
    assertThat(mapped).doesNotExist();
    JsonObject got = gateway.json("get", "large", "-o", "from-tier").object();
    assertThat(got.get("digest").getAsString()).isEqualTo(sha);

    sampler.shutdownNow();
    System.out.println(
        (size >> 20)
            + " MiB: put "
            + put.get("millis")
            + " ms, swap "
            + swap.get("millis")
            + " ms, again "
            + again.get("millis")
            + " ms, get "
            + got.get("millis")
            + " ms; most resident without shared memory "
            + (peak.get() >> 20)
            + " MiB");
    assertThat(peak.get()).isPositive().isLessThanOrEqualTo(LIMIT);
  }

  private void sample(AtomicLong peak) {
    try {
      long now = gateway.residentBytes();
      peak.accumulateAndGet(now, Math::max);
    } catch (IOException e) {
      throw new IllegalStateException("the gateway has died", e);
    }
  }
}
