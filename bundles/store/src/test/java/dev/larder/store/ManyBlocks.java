package dev.larder.store;

import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.MediumLocation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A volume of a million blocks: time to open it after a clean stop and after a kill, memory of its
 * index. Not a test: run its {@code main} with the class of a media driver and an empty folder.
 */
final class ManyBlocks {

  private static final int ARTIFACTS = 16;
  private static final int BLOCKS = 65_536;
  private static final int BLOCK_BYTES = 512;

  private ManyBlocks() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    MediaDriver driver =
        (MediaDriver) Class.forName(args[0]).getDeclaredConstructor().newInstance();
    MediumLocation location =
        new MediumLocation(args[1], Optional.empty(), OptionalLong.empty(), Map.of());
    ExecutorService workers = Executors.newFixedThreadPool(2);
    Bench bench = new Bench(BLOCK_BYTES);
    VolumeContext context =
        new VolumeContext(
            new Stamps(Bench.GATEWAY, java.time.Clock.systemUTC()), bench.codecs, workers, 2);
    boolean kill = args.length > 2;
    long start = System.nanoTime();
    Volume volume = Volume.open(driver.open(location), context);
    say("opened", start, volume);
    for (int i = volume.artifacts().size(); i < ARTIFACTS; i++) {
      fill(bench, volume, i);
    }
    say("filled", start, volume);
    if (kill) {
      Runtime.getRuntime().halt(1);
    }
    volume.close();
    workers.shutdown();
    bench.close();
  }

  private static void fill(Bench bench, Volume volume, int seed) throws IOException {
    byte[] content = Bench.random(BLOCKS / 4 * BLOCK_BYTES, seed);
    for (int part = 0; part < 4; part++) {
      for (int i = 0; i < content.length; i += BLOCK_BYTES) {
        content[i] = (byte) part;
      }
      try (StagedArtifact staged =
          volume.ingest(
              new IngestSpec(
                  dev.larder.api.ArtifactKind.MODEL,
                  OptionalLong.of(content.length),
                  Bench.FIXED,
                  Bench.cutter(BLOCK_BYTES),
                  annotation -> Codecs.NONE,
                  dev.larder.spi.media.Cancellation.NEVER),
              Bench.channel(content))) {
        volume.commit(List.of(new Change.Add(staged)));
      }
    }
  }

  private static void say(String what, long start, Volume volume) throws IOException {
    VolumeStatistics statistics = volume.statistics();
    System.out.printf(
        "%s after %d ms: %d blocks, index %.1f bytes a block, %d MB read%n",
        what,
        (System.nanoTime() - start) / 1_000_000,
        statistics.uniqueBlocks(),
        (double) statistics.indexBytes() / Math.max(1, statistics.uniqueBlocks()),
        statistics.bytesRead() / 1_000_000);
  }
}
