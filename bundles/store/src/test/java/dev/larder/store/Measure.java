package dev.larder.store;

import dev.larder.api.ArtifactKind;
import dev.larder.api.Digest;
import dev.larder.api.FormatId;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.MediaDriver;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Ingest and read throughput on a real medium. Not a test: run its {@code main} with the class of a
 * media driver (on the class path), a folder on the medium, a file to read into and the size in
 * MiB.
 */
final class Measure {

  private Measure() {}

  /** Random bytes without the cost of making them. */
  private static final class Source implements ReadableByteChannel {
    private final byte[] noise = new byte[(1 << 20) + 8192];
    private final int seed;
    private long left;

    Source(long bytes, int seed) {
      this.left = bytes;
      this.seed = seed;
      new Random(seed).nextBytes(noise);
    }

    @Override
    public int read(ByteBuffer target) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(left, Math.min(target.remaining(), 4 << 10));
      int start = target.position();
      target.put(noise, (int) (left & 8191) + seed, count);
      if (count >= Long.BYTES) {
        target.putLong(start, left); // no two blocks are alike
      }
      left -= count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    MediaDriver driver =
        (MediaDriver) Class.forName(args[0]).getDeclaredConstructor().newInstance();
    long bytes = Long.parseLong(args[3]) << 20;
    FormatId codec = args.length > 4 ? new FormatId(args[4], 1) : Codecs.NONE;
    ExecutorService workers = Executors.newFixedThreadPool(4);
    VolumeContext context =
        new VolumeContext(
            new Stamps(Bench.GATEWAY, java.time.Clock.systemUTC()), new TestCodecs(), workers, 2);
    MediumLocation location =
        new MediumLocation(args[1], Optional.empty(), OptionalLong.empty(), Map.of());
    for (int round = 0; round < 3; round++) {
      Medium medium = driver.open(location);
      try (Volume volume = Volume.open(medium, context)) {
        Digest digest = put(volume, bytes, round, codec, "put");
        put(volume, bytes, round, codec, "put again");
        read(volume, digest, Path.of(args[2]));
        readInOrder(volume, digest);
        volume.collect(java.util.Set::of, java.util.Set::of, Cancellation.NEVER);
      }
    }
    workers.shutdown();
  }

  private static Digest put(Volume volume, long bytes, int seed, FormatId codec, String what)
      throws IOException {
    long start = System.nanoTime();
    IngestSpec spec =
        new IngestSpec(
            ArtifactKind.MODEL,
            OptionalLong.of(bytes),
            Bench.FIXED,
            Bench.cutter(64 << 10),
            annotation -> codec,
            Cancellation.NEVER);
    try (StagedArtifact staged = volume.ingest(spec, new Source(bytes, seed))) {
      long staging = System.nanoTime();
      volume.commit(List.of(new Change.Add(staged)));
      say(
          what
              + " (new "
              + staged.newBlocks()
              + ", staged "
              + (staging - start) / 1_000_000
              + " ms)",
          bytes,
          start);
      return staged.digest();
    }
  }

  private static void read(Volume volume, Digest digest, Path target) throws IOException {
    Manifest manifest = volume.manifest(digest);
    long start = System.nanoTime();
    try (FileChannel file =
        FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      volume.read(
          manifest, 0, manifest.size(), (at, bytes) -> file.write(bytes, at), Cancellation.NEVER);
    }
    say("read", manifest.size(), start);
  }

  private static void readInOrder(Volume volume, Digest digest) throws IOException {
    Manifest manifest = volume.manifest(digest);
    ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    long start = System.nanoTime();
    try (ReadableByteChannel in = volume.open(manifest, 0, manifest.size())) {
      while (in.read(buffer) >= 0) {
        buffer.clear();
      }
    }
    say("read in order", manifest.size(), start);
  }

  private static void say(String what, long bytes, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%s: %.2f s, %.0f MB/s%n", what, seconds, bytes / 1e6 / seconds);
  }
}
